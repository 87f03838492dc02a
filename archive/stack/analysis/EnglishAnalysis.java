package org.storiesarchive.analysis;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;

/**
 * The three pieces of analysis that our index asks for, under the names that the full
 * distribution gives them: the core server carries Lucene's classes and registers none.
 */
public final class EnglishAnalysis {
    private EnglishAnalysis() {}

    @NamedComponent("asciifolding")
    public static final class Folding implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new ASCIIFoldingFilter(input);
        }

        @Override
        public TokenStream normalize(TokenStream input) {
            return create(input);
        }
    }

    @NamedComponent("porter_stem")
    public static final class Stemming implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return new PorterStemFilter(input);
        }
    }

    @NamedComponent("english")
    public static final class English implements AnalyzerFactory {
        @Override
        public Analyzer create() {
            return new EnglishAnalyzer();
        }
    }
}
