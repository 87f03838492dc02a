// For the pages on which someone tells their story or looks after it.
import { improve } from "./improve.js";

improve(document);
