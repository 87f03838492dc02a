// Bundles src/ into dist/, which the site serves under /static/.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build, context } from "esbuild";
import subsetFont from "subset-font";

const watching = process.argv.includes("--watch");

// Headings have one weight, and sizes of 18 to 52 pixels: less than half of the font's file.
const HEADINGS = { wght: 480, opsz: { min: 14, max: 72 } };
const range = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join("");
const LATIN = range(0x20, 0x7e) + range(0xa0, 0x17f) + range(0x2010, 0x2026) + "€−";

const headingsOnly = {
  name: "headings-only",
  setup(bundler) {
    bundler.onLoad({ filter: /fraunces-[-\w]+\.woff2$/ }, async ({ path }) => ({
      contents: await subsetFont(await readFile(path), LATIN, {
        targetFormat: "woff2",
        variationAxes: HEADINGS,
      }),
      loader: "file",
    }));
  },
};

const options = {
  entryPoints: [
    { in: "src/css/site.css", out: "site" },
    { in: "src/css/desk.css", out: "desk" },
    { in: "src/css/dark.css", out: "dark" },
    // Before the page is drawn, so that no light page flashes up in a dark room.
    { in: "src/js/looks.js", out: "looks" },
    { in: "src/js/look-choices.js", out: "look-choices" },
    // Only for the few who write statements.
    { in: "src/css/diff.css", out: "diff" },
    { in: "src/js/desk.js", out: "desk" },
    { in: "src/js/site.js", out: "site" },
    { in: "src/js/form.js", out: "form" },
    // In its place on the one page that takes recordings.
    { in: "src/js/recording.js", out: "recording" },
    { in: "src/js/player.js", out: "player" },
    // On stories without a recording; the player brings its own.
    { in: "src/js/find.js", out: "find" },
    // On long texts.
    { in: "src/js/aloud.js", out: "aloud" },
    // On editors' pages that are there in BSL too: it brings the player.
    { in: "src/js/signed.js", out: "signed" },
    // Apart from the player: only pages with a video fetch it.
    { in: "src/js/hls.js", out: "hls" },
  ],
  assetNames: "fonts/[name]",
  outdir: "dist",
  bundle: true,
  minify: !watching,
  legalComments: "none",
  format: "esm",
  target: ["es2020", "safari15", "firefox102", "chrome100"],
  loader: { ".woff2": "file" },
  logLevel: "info",
  plugins: [headingsOnly],
};

/** The licences of what is bundled ask to travel with it: also of what that is made with. */
async function writeLicences({ inputs }) {
  const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
  const served = new Set(Object.keys(dependencies).filter((name) => name !== "esbuild"));
  for (const path of Object.keys(inputs)) {
    const found = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) served.add(found[1]);
  }
  const texts = await Promise.all(
    [...served].sort().map(async (name) => {
      const files = await readdir(`node_modules/${name}`);
      const licence = files.find((file) => /^licen[cs]e/i.test(file));
      if (!licence) throw new Error(`${name} has no licence with it`);
      return `${name}\n\n${await readFile(`node_modules/${name}/${licence}`, "utf8")}`;
    }),
  );
  await writeFile("dist/licences.txt", texts.join(`\n${"-".repeat(80)}\n\n`));
}

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await cp("src/img", "dist", { recursive: true });

if (watching) {
  await (await context(options)).watch();
} else {
  const { metafile } = await build({ ...options, metafile: true });
  await writeLicences(metafile);
}
