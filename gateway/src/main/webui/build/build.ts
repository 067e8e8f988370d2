/**
 * Builds the dashboard: installs by the lock file, checks format, lint and types, runs the unit tests, bundles. Does
 * nothing where nothing it depends on has changed since the last time.
 *
 *   deno run -A build/build.ts --out=DIR --stamp=FILE --types=FILE
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** The script that opens the page, gzipped; past this it no longer opens at once on a slow link. */
const SCRIPT_BUDGET_BYTES = 75 * 1024;
/** What is fetched besides when one goes to a page that few need, all of it together. */
const LATER_BUDGET_BYTES = 15 * 1024;

const home = new URL("..", import.meta.url);
const options = Object.fromEntries(Deno.args.map((arg) => arg.replace(/^--/, "").split("=", 2)));
const out = required("out");
const stampFile = required("stamp");
const typesFile = required("types");

const began = performance.now();
const stamp = await fingerprint();
if (await isBuilt()) {
  console.log("The dashboard is up to date");
} else {
  await deno("install", "--quiet", "--frozen");
  await deno("fmt", "--quiet", ...(Deno.env.get("CI") ? ["--check"] : []), "src", "build", "deno.json");
  await deno("lint", "--quiet", "src", "build");
  await deno("check", "--quiet", "src", "build");
  await deno("test", "--quiet", "--no-check", "--allow-read", "src", "build");
  const { script, later } = await bundle();
  // What was formatted just now is what was built.
  await Deno.writeTextFile(stampFile, await fingerprint());
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `The dashboard is built: ${kib(script)} of script gzipped, ${kib(later)} fetched later, in ${seconds} s`,
  );
}
Deno.exit(0);

function required(name: string): string {
  const value = options[name];
  if (!value) {
    console.error(`--${name}= is missing`);
    Deno.exit(2);
  }
  return value;
}

async function isBuilt(): Promise<boolean> {
  try {
    return await Deno.readTextFile(stampFile) === stamp && (await Deno.stat(`${out}/files.txt`)).isFile;
  } catch {
    return false;
  }
}

/** Of all that goes in, the tools included. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(Deno.version.deno);
  for (const file of [typesFile, ...await sources(home)]) {
    hash.update(file).update(await Deno.readFile(file));
  }
  return hash.digest("hex");
}

async function sources(folder: URL): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory && entry.name !== "node_modules") {
      found.push(...await sources(new URL(`${entry.name}/`, folder)));
    } else if (entry.isFile) {
      found.push(decodeURIComponent(new URL(encodeURIComponent(entry.name), folder).pathname));
    }
  }
  return found.sort();
}

async function deno(...args: string[]): Promise<void> {
  const run = new Deno.Command(Deno.execPath(), {
    args,
    cwd: home,
    stdin: "null",
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await run.output();
  if (code !== 0) {
    await Deno.stderr.write(stdout);
    await Deno.stderr.write(stderr);
    console.error(`deno ${args[0]} failed`);
    Deno.exit(1);
  }
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/**
 * Bundles into files named by their content, beside the page that names them; returns the sizes, gzipped, of the script
 * that opens the page and of what it fetches later.
 */
async function bundle(): Promise<{ script: number; later: number }> {
  const esbuild = await import("esbuild");
  const result = await esbuild.build({
    absWorkingDir: decodeURIComponent(home.pathname),
    entryPoints: { app: "src/main.tsx", style: "src/style.css" },
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    target: ["chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    outdir: "assets",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  await esbuild.stop();
  await remove(out);
  await Deno.mkdir(`${out}/assets`, { recursive: true });
  const files: string[] = [];
  let page = await Deno.readTextFile(new URL("index.html", home));
  const outputs = result.metafile.outputs;
  const opens = opening(outputs);
  const sizes = { script: 0, later: 0 };
  for (const file of result.outputFiles) {
    const path = `assets/${file.path.split("/").at(-1)}`;
    const zipped = await write(path, file.contents);
    files.push(path);
    const entry = outputs[path]?.entryPoint;
    if (entry === "src/main.tsx" || entry === "src/style.css") {
      page = page.replace(entry, path);
    }
    if (path.endsWith(".js")) {
      sizes[opens.has(path) ? "script" : "later"] += zipped;
    }
  }
  // What the script begins with is fetched along with it, not after it.
  const along = [...opens].filter((path) => outputs[path]?.entryPoint === undefined);
  page = page.replace(
    /( *)<script type="module"/,
    (script, indent) =>
      along.map((path) => `${indent}<link rel="modulepreload" href="/${path}">\n`).join("") + script,
  );
  for (
    const [bytes, most] of [[sizes.script, SCRIPT_BUDGET_BYTES], [sizes.later, LATER_BUDGET_BYTES]] as const
  ) {
    if (bytes > most) {
      console.error(`The script is ${bytes} bytes gzipped; at most ${most} are allowed`);
      Deno.exit(1);
    }
  }
  await write("index.html", new TextEncoder().encode(page));
  files.push("index.html");
  for (const icon of ["favicon.svg", "favicon-alert.svg"]) {
    await write(icon, await Deno.readFile(new URL(icon, home)));
    files.push(icon);
  }
  await Deno.writeTextFile(`${out}/files.txt`, files.sort().join("\n") + "\n");
  return sizes;
}

interface Output {
  entryPoint?: string;
  imports: { path: string; kind: string }[];
}

/** The scripts that must be there before the page opens: the entry and what it imports, not what it fetches later. */
function opening(outputs: Record<string, Output>): Set<string> {
  const found = new Set<string>();
  const follow = (path: string) => {
    if (!found.has(path)) {
      found.add(path);
      outputs[path]?.imports.filter(({ kind }) => kind === "import-statement").forEach((one) =>
        follow(one.path)
      );
    }
  };
  Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === "src/main.tsx").forEach(follow);
  return found;
}

/** Writes a file and its gzipped twin; returns the latter's size. */
async function write(path: string, bytes: Uint8Array): Promise<number> {
  await Deno.writeFile(`${out}/${path}`, bytes);
  const zipped = await promisify(gzip)(bytes, { level: 9 });
  await Deno.writeFile(`${out}/${path}.gz`, zipped);
  return zipped.length;
}

async function remove(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (e) {
    if (!(e instanceof Deno.errors.NotFound)) {
      throw e;
    }
  }
}
