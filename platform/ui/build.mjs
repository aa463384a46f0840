// Bundles the front end into static/ui/dist. Names are fixed; Django's manifest storage hashes them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const dist = join(here, "static/ui/dist");
const modules = join(root, "node_modules");
const targets = ["chrome93", "edge93", "firefox92", "safari15.4"];

function copyFonts() {
  const files = join(modules, "@fontsource-variable/source-sans-3/files");
  for (const subset of ["latin", "latin-ext", "vietnamese", "greek", "cyrillic", "cyrillic-ext"]) {
    const name = `source-sans-3-${subset}-wght-normal.woff2`;
    cpSync(join(files, name), join(dist, "fonts", name));
  }
}

async function buildStyles() {
  const { css } = sass.compile(join(here, "frontend/styles/ui.scss"), {
    loadPaths: [root, modules],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: targets });
  writeFileSync(join(dist, "ui.css"), code);
}

function buildScripts() {
  return esbuild.build({
    entryPoints: [join(here, "frontend/scripts/ui.js")],
    outfile: join(dist, "ui.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: targets,
    legalComments: "none",
    // The autocomplete is built from its sources: its ready bundle carries polyfills that call `Function()`, which the
    // content security policy refuses.
    alias: { "accessible-autocomplete": join(modules, "accessible-autocomplete/src/wrapper.js") },
    define: { "process.env.COMPONENT_LIBRARY": '"PREACT"' },
    loader: { ".js": "jsx" },
  });
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "fonts"), { recursive: true });
copyFonts();
await Promise.all([buildStyles(), buildScripts()]);
