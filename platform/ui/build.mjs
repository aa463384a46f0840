// Bundles the front end into static/ui/dist. Names are fixed; Django's manifest storage hashes them.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const dist = join(here, "static/ui/dist");
const modules = join(root, "node_modules");
const fresh = join(modules, ".cache/ui-dist"); // takes the place of `dist` when it is whole
const targets = ["chrome93", "edge93", "firefox92", "safari15.4"];

/** Copies the font's files and answers the rules that name them; each is fetched only for letters that it holds. */
function fontFaces() {
  const font = join(modules, "@fontsource-variable/source-sans-3");
  cpSync(join(font, "files"), join(fresh, "fonts"), {
    recursive: true,
    filter: (path) => !path.endsWith("-italic.woff2"),
  });
  return readFileSync(join(font, "index.css"), "utf8").replaceAll("./files/", "fonts/");
}

async function buildStyles() {
  const { css } = sass.compile(join(here, "frontend/styles/ui.scss"), {
    loadPaths: [root, modules],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(fontFaces() + css, { loader: "css", minify: true, target: targets });
  writeFileSync(join(fresh, "ui.css"), code);
}

// Runs before the page is painted, so it is small and by itself.
function buildFirstScript() {
  return esbuild.build({
    entryPoints: [join(here, "frontend/scripts/blank.js")],
    outfile: join(fresh, "blank.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: targets,
  });
}

function buildScripts() {
  return esbuild.build({
    entryPoints: [join(here, "frontend/scripts/ui.js")],
    outfile: join(fresh, "ui.js"),
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

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
await Promise.all([buildStyles(), buildFirstScript(), buildScripts()]);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dirname(dist), { recursive: true });
renameSync(fresh, dist);
