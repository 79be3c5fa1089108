// The sources and packages as that Windows sees them: a copy, since what its Node needs besides must not come among this machine's packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../setup.mjs';
import { cache, drive, ensurePackage } from './wine.mjs';

export const tree = path.join(cache, 'tree');
const modules = path.join(tree, 'node_modules');
/** What vite is made of in Rust: for each of these packages a library for Windows. */
const BINDINGS = ['@rolldown/binding-win32-x64-msvc', 'lightningcss-win32-x64-msvc'];
const notCopied = ['node_modules', '.cache', '.git', 'out', 'dist', 'test-results', 'tour'];

/** The sources as they are now. What is made of them there (the engine, folders of tests) stays. */
export function copySources() {
  fs.mkdirSync(path.join(tree, '.cache'), { recursive: true });
  // The packages of .NET are the same for both.
  const [shared, home] = [root, tree].map((at) => path.join(at, '.cache', 'dotnet-home'));
  fs.mkdirSync(shared, { recursive: true });
  if (!fs.existsSync(home)) fs.symlinkSync(shared, home);
  for (const name of fs.readdirSync(tree))
    if (!['node_modules', '.cache'].includes(name)) fs.rmSync(path.join(tree, name), { recursive: true });
  for (const name of fs.readdirSync(root))
    if (!notCopied.includes(name)) fs.cpSync(path.join(root, name), path.join(tree, name), { recursive: true });
}

function copy(from, to, ...how) {
  return spawnSync('cp', ['-a', ...how, `${from}/.`, to], { stdio: 'ignore' }).status === 0;
}

/** Linked file by file: they take no room, and npm may empty its own folder. */
function link(from, to) {
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  if (!copy(from, to, '-l') && !copy(from, to)) throw new Error(`${from} could not be copied`);
}

/** The packages of the lock file, and the libraries for Windows that it names. Throws where one cannot be had. */
export function ensurePackages() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const mark = path.join(tree, '.cache', 'packages-of');
  const made = createHash('sha256')
    .update(lock)
    .update(fs.readFileSync(import.meta.filename))
    .digest('hex');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === made) return;
  const { packages } = JSON.parse(lock);
  const bindings = BINDINGS.map((name) => {
    const { version, integrity } = packages[`node_modules/${name}`];
    return { name, folder: ensurePackage(`${name}@${version}`, integrity) };
  });
  fs.rmSync(mark, { force: true });
  link(path.join(root, 'node_modules'), modules);
  for (const { name, folder } of bindings) link(folder, path.join(modules, name));
  fs.writeFileSync(mark, made);
}

/** The PowerShell engine for Windows; also under the name, and at the place, that Windows' own PowerShell has. Or why it cannot be had. */
export async function ensureEngine() {
  const { powershellRuntime } = await import(pathToFileURL(path.join(tree, 'tools/powershell-engine/build.mjs')).href);
  const runtime = await powershellRuntime({ target: 'win-x64' });
  if ('missing' in runtime) return runtime;
  const home = path.join(drive, 'windows', 'system32', 'WindowsPowerShell', 'v1.0');
  const mark = path.join(home, 'made-of');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === runtime.folder) return runtime;
  link(path.dirname(runtime.executable), home);
  fs.linkSync(runtime.executable, path.join(home, 'powershell.exe'));
  link(runtime.modules('loaded'), path.join(home, 'Modules'));
  fs.writeFileSync(mark, runtime.folder);
  return runtime;
}
