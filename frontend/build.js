// Builds the styles and scripts into the folder named by its one argument. Run by `wardlight frontend`.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = resolve(process.argv[2] ?? join(here, "..", "src", "wardlight", "govuk", "static", "built"));
const out = `${wanted}.new`; // built aside, then put in place at once
const require = createRequire(import.meta.url);

function buildStyles() {
  const { css } = sass.compile(join(here, "app.scss"), {
    importers: [new sass.NodePackageImporter(here)],
    style: "compressed",
    quietDeps: true,
  });
  for (const reserved of ["GDS Transport", "@font-face"]) {
    if (css.includes(reserved)) throw new Error(`app.css holds ${reserved}, which is reserved to GOV.UK.`);
  }
  writeFileSync(join(out, "app.css"), css);
}

async function buildScripts() {
  await build({
    absWorkingDir: here,
    entryPoints: ["app.js"],
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: "es2022",
    outdir: out,
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
  });
  copyFileSync(join(here, "start.js"), join(out, "start.js"));
  if (existsSync(join(here, "map.js"))) {
    await build({
      absWorkingDir: here,
      entryPoints: ["map.js"],
      bundle: true,
      format: "esm",
      minify: true,
      target: "es2022",
      outdir: out,
      legalComments: "none",
      logLevel: "warning",
    });
  }
}

function copyMapLibre() {
  const from = dirname(require.resolve("maplibre-gl/package.json"));
  for (const file of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"]) {
    const text = readFileSync(join(from, "dist", file), "utf8");
    writeFileSync(join(out, file), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n")); // the maps are not shipped
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
buildStyles();
await buildScripts();
copyMapLibre();
copyFileSync(join(here, "mark.svg"), join(out, "mark.svg"));
rmSync(wanted, { recursive: true, force: true });
renameSync(out, wanted);
