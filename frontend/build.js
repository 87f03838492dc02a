// Bundles src/ into dist/, which the site serves under /static/.
import { cp, mkdir, rm } from "node:fs/promises";
import { build, context } from "esbuild";

const watching = process.argv.includes("--watch");

const options = {
  entryPoints: [
    { in: "src/css/site.css", out: "site" },
    { in: "src/js/site.js", out: "site" },
    { in: "src/js/form.js", out: "form" },
    { in: "src/js/player.js", out: "player" },
    // Apart from the player: only pages with a video fetch it.
    { in: "src/js/hls.js", out: "hls" },
  ],
  assetNames: "fonts/[name]",
  outdir: "dist",
  bundle: true,
  minify: !watching,
  // Licences of bundled libraries stay with what is served.
  legalComments: "linked",
  format: "esm",
  target: ["es2020", "safari15", "firefox102", "chrome100"],
  loader: { ".woff2": "file" },
  logLevel: "info",
};

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await cp("src/img", "dist", { recursive: true });

if (watching) {
  await (await context(options)).watch();
} else {
  await build(options);
}
