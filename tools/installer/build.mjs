// electron-builder's own run for Windows, where there is no Electron for Windows: a stand-in takes its place, and the installer is one of 64 bits,
// which Debian's NSIS can make and Wine can run. Configuration, scripts and templates are those of the release; what is not, is named here.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from '../build.mjs';
import { root } from '../setup.mjs';
import { forwarder } from '../test-windows/forwarder.mjs';
import { cache, ensurePrefix, environment, missingProgram, missingWine } from '../test-windows/wine.mjs';

/** What @electron/fuses looks for in the program: its mark, version 1, nine fuses as Electron has them. */
const FUSES = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09110000010';
const here = import.meta.dirname;

function checked(what, result) {
  if (result.status !== 0) throw new Error(`${what}: ${result.error ?? result.stdout + result.stderr}`);
  return result;
}

/** A folder such as Electron's for Windows, as far as electron-builder looks. */
function electronOf(folder) {
  fs.mkdirSync(path.join(folder, 'resources'), { recursive: true });
  fs.mkdirSync(path.join(folder, 'locales'));
  const program = path.join(folder, 'electron.exe');
  const made = ['-V2', '-XTarget amd64-unicode', `-DOUT=${program}`, path.join(here, 'stand-in.nsi')];
  checked('makensis', spawnSync('makensis', made, { encoding: 'utf8' }));
  fs.appendFileSync(program, FUSES, 'latin1');
  for (const name of [
    'version',
    'LICENSE',
    'resources.pak',
    'locales/en-US.pak',
    'locales/zh-CN.pak',
    'locales/de.pak',
  ])
    fs.writeFileSync(path.join(folder, name), 'stand-in');
}

/** The tools that electron-builder would fetch. */
function tools(folder) {
  const nsis = path.join(folder, 'nsis');
  const plugins = path.join(folder, 'resources', 'plugins');
  for (const made of [path.join(nsis, 'linux'), path.join(plugins, 'amd64-unicode')])
    fs.mkdirSync(made, { recursive: true });
  fs.writeFileSync(path.join(nsis, 'elevate.exe'), 'stand-in');
  // Calls that do nothing: one library of each name that the templates call, which leads to something harmless.
  const log = path.join(folder, 'makensis.log');
  const dll = path.join(plugins, 'amd64-unicode', 'WinShell.dll');
  fs.writeFileSync(
    dll,
    forwarder('WinShell.dll', ['SetLnkAUMI', 'UninstAppUserModelId', 'UninstShortcut'], 'kernel32.GetTickCount'),
  );
  const script = (name, text) => fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const first = [
    'Target amd64-unicode',
    `!addplugindir /amd64-unicode "${path.dirname(dll)}"`,
    `!include "${path.join(here, 'plugins.nsh')}"`,
  ];
  script(
    'nsis/linux/makensis',
    `NSISDIR=/usr/share/nsis /usr/bin/makensis ${first.map((line) => `'-X${line}'`).join(' ')} "-DAPP_BUILD_DIR=$HYPERNEST_UNPACKED" "$@" >>${log} 2>&1`,
  );
  // The files go into the installer as they are.
  script('7za', 'for file; do case $file in *.7z) [ -e "$file" ] || echo stand-in >"$file" ;; esac; done');
  return {
    ELECTRON_BUILDER_NSIS_DIR: nsis,
    ELECTRON_BUILDER_NSIS_RESOURCES_DIR: path.join(folder, 'resources'),
    ELECTRON_BUILDER_7ZIP_PATH: path.join(folder, '7za'),
    USE_SYSTEM_WINE: 'true',
  };
}

/** Why there is no NSIS here; undefined: there is one. */
export const missingNsis = () => missingProgram('makensis', ['nsis'], 'NSIS (10 MB, once)');

/** `target`: dir or nsis; the folder is made anew. Answers where electron-builder left its results. */
export function build(folder, target, env = {}) {
  if (!ensureBuilt()) throw new Error('the app could not be built');
  fs.rmSync(folder, { recursive: true, force: true });
  electronOf(path.join(folder, 'electron'));
  const out = path.join(folder, 'dist');
  const version = JSON.parse(
    fs.readFileSync(path.join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
  ).version;
  const builder = [
    path.join(root, 'node_modules', 'electron-builder', 'cli.js'),
    ...['--win', target, '--x64', '--publish', 'never'],
    `-c.electronDist=${path.join(folder, 'electron')}`,
    `-c.electronVersion=${version}`,
    `-c.directories.output=${out}`,
    '-c.nsis.warningsAsErrors=false', // what asks about 64 bits is a constant in an installer of 64 bits: labels that nothing uses
  ];
  const given = { ...process.env, ...env, ...tools(folder), HYPERNEST_UNPACKED: path.join(out, 'win-unpacked') };
  checked('electron-builder', spawnSync(process.execPath, builder, { cwd: root, env: given, encoding: 'utf8' }));
  return out;
}

/** Why the installer cannot be made and run here; undefined: it can. */
export const missingInstaller = () => missingWine() ?? missingNsis();

const made = path.join(cache, 'installer');
/** The stand-in by itself, where the installer has been made. */
export const standIn = path.join(made, 'electron', 'electron.exe');

/** The path of the installer that Wine can run. */
export function installer() {
  ensurePrefix();
  const out = build(made, 'nsis', environment());
  const warnings = fs.readFileSync(path.join(made, 'makensis.log'), 'utf8').match(/^warning (?!6012).*$/gm) ?? [];
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  return path.join(
    out,
    fs.readdirSync(out).find((name) => name.endsWith('.exe')),
  );
}
