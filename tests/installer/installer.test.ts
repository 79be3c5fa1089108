/**
 * electron-builder's installer as configured here, run on Wine: what it does to a PC, to an app that runs, and to what the app keeps. Not shown:
 * pages, the prompt of Windows, and what its 32-bit plug-ins do (tools/installer/plugins.nsh).
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import manifest from '../../package.json';
import { appId, toastActivatorId } from '../../src/shell/app-id.js';
import { installer, missingInstaller, standIn } from '../../tools/installer/build.mjs';
import { endWine } from '../../tools/test-windows/wine.mjs';
import {
  asOnWindows,
  deleteKey,
  everything,
  folders,
  run,
  seenFrom,
  setValue,
  start,
  uninstallKey,
  valueOf,
} from './pc.js';

const missing = missingInstaller();
if (missing !== undefined) console.log(`The tests of the installer are skipped: ${missing}.`);

const windows = 'Software\\Microsoft\\Windows\\CurrentVersion';
const signIn = `HKCU\\${windows}\\Run`;
const approved = `HKCU\\${windows}\\Explorer\\StartupApproved\\Run`;
const toasts = `HKCU\\Software\\Classes\\CLSID\\${toastActivatorId}`;
const link = 'Software\\Classes\\hypernest\\shell\\open\\command';
/** How the stand-in of the app is led, and what it writes (tools/installer/stand-in.nsi). */
const [log, stays, noAdministrator, writes] = ['log', 'stays', 'user', 'key'].map((end) =>
  path.join(folders.temp, `hypernest-stand-in.${end}`),
) as [string, string, string, string];
/** A program that is not the installed one, and what a user can register without anybody's consent. */
const other = path.join(folders.temp, 'other', 'Hypernest.exe');
const ofThisUser = `HKCU\\${uninstallKey}`;
const kept = [
  path.join(folders.settings, 'runs', 'this-pc', '1.jsonl'),
  path.join(folders.settings, 'accounts', 'dev-box.json'),
];
const electrons = [path.join(folders.menu, 'Hypernest.lnk'), path.join(folders.updater, 'installer.exe')];
const both = [folders.allUsers, folders.thisUser];

let setup = '';
const program = (folder: string) => path.join(folder, 'Hypernest.exe');
const install = async (...args: readonly string[]) => (await run(setup, ['/S', ...args])).code;
const seen = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split(/\r?\n/) : []);
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 100 });

/** As Windows' settings do it: a copy of the uninstaller does the work, and what was started ends before that. */
async function uninstall(folder: string, ...args: readonly string[]): Promise<void> {
  await run(path.join(folder, 'Uninstall Hypernest.exe'), ['/S', ...args]);
  await until(() => expect(fs.existsSync(folder)).toBe(false));
}
/** It does the work itself, so that its end is known. */
const uninstallHere = async (folder: string, named = folder) =>
  (await run(path.join(folder, 'Uninstall Hypernest.exe'), ['/S', `_?=${seenFrom(named)}`])).code;

/** What a PC in use has: start at sign-in, what Electron registers for notifications, a journal, an account, an update that was fetched. */
async function use(): Promise<void> {
  await setValue(signIn, appId, 'C:\\Hypernest.exe --hidden');
  await setValue(approved, appId, '02');
  await setValue(`${toasts}\\LocalServer32`, 'Server', 'C:\\Hypernest.exe');
  for (const file of [...kept, ...electrons]) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, 'x');
  }
}
const isKept = () => kept.map((file) => fs.existsSync(file));

async function begin(folder: string): Promise<ReturnType<typeof start>> {
  fs.rmSync(log, { force: true });
  const app = start(program(folder));
  await until(() => expect(seen()).toEqual(['runs']));
  return app;
}

async function clean(): Promise<void> {
  for (const file of [stays, noAdministrator, writes]) fs.rmSync(file, { force: true });
  for (const folder of both.filter((one) => fs.existsSync(program(one)))) {
    await run(program(folder), ['--end']);
    await uninstall(folder, '/REMOVESETTINGS');
  }
  for (const file of [log, path.dirname(other), folders.settings, folders.updater])
    fs.rmSync(file, { recursive: true, force: true });
  for (const key of [toasts, ofThisUser]) await deleteKey(key);
}

describe.skipIf(missing !== undefined)('the installer', () => {
  beforeAll(async () => {
    setup = installer();
    await asOnWindows();
    await clean();
  });
  afterEach(clean);
  afterAll(() => endWine());

  it('installs for all users where nobody said for whom, and uninstalled leaves nothing', async () => {
    const before = await everything();
    expect(await install()).toBe(0);
    expect(fs.existsSync(program(folders.allUsers))).toBe(true);
    expect(fs.existsSync(path.join(folders.menuOfAll, 'Hypernest.lnk'))).toBe(true);
    expect(await valueOf(`HKLM\\${uninstallKey}`, 'DisplayVersion')).toBe(manifest.version);
    expect(await valueOf(`HKLM\\${uninstallKey}`, 'Publisher')).toBe(manifest.author);
    expect(await valueOf(`HKLM\\${link}`)).toBe('"C:\\Program Files\\Hypernest\\Hypernest.exe" "%1"');
    await use();
    await uninstall(folders.allUsers, '/REMOVESETTINGS');
    expect(await everything()).toEqual(before);
    expect(await valueOf(signIn, appId)).toBeUndefined();
    expect(await valueOf(approved, appId)).toBeUndefined();
  });

  it('installs for this user alone, and uninstalled keeps settings and accounts unless it is told otherwise', async () => {
    const before = await everything();
    expect(await install('/currentuser')).toBe(0);
    expect(both.map((folder) => fs.existsSync(program(folder)))).toEqual([false, true]);
    expect(await valueOf(`HKCU\\${link}`)).toContain('\\Programs\\Hypernest\\Hypernest.exe" "%1"');
    await use();
    await setValue(signIn, 'somebody.else', 'C:\\else.exe');
    await uninstall(folders.thisUser);
    expect(isKept()).toEqual([true, true]);
    expect(await valueOf(signIn, appId)).toBeUndefined();
    expect(await valueOf(signIn, 'somebody.else')).toBe('C:\\else.exe');
    fs.rmSync(folders.settings, { recursive: true });
    expect(await everything()).toEqual(before);
  });

  it('asks an app that runs to end in order, waits for it, and keeps start at sign-in and settings', async () => {
    await install();
    await use();
    const app = await begin(folders.allUsers);
    fs.writeFileSync(path.join(folders.allUsers, 'of-the-old-version'), '');
    expect(await install()).toBe(0);
    expect(seen()).toEqual(['runs', 'asked to end', 'ends in order']);
    expect(app.exitCode).toBe(0);
    expect(fs.existsSync(path.join(folders.allUsers, 'of-the-old-version'))).toBe(false);
    expect(await valueOf(signIn, appId)).toBe('C:\\Hypernest.exe --hidden');
    expect(await valueOf(approved, appId)).toBe('02');
    expect(await valueOf(`${toasts}\\LocalServer32`, 'Server')).toBe('C:\\Hypernest.exe');
    expect(await valueOf(`HKLM\\${link}`)).toContain('Hypernest.exe');
    expect(isKept()).toEqual([true, true]);
  });

  it('changes nothing and says so by its exit code where the app stays, and never ends it', async () => {
    await install('/currentuser');
    const app = await begin(folders.thisUser);
    for (const file of [stays, noAdministrator]) fs.writeFileSync(file, '');
    const before = await everything();
    expect(await install('/currentuser')).toBe(3);
    expect(seen()).toEqual(['runs', 'asked to end, stays']);
    expect(await uninstallHere(folders.thisUser)).toBe(3);
    expect(await everything()).toEqual(before);
    expect([app.exitCode, app.signalCode]).toEqual([null, null]);
    fs.rmSync(stays);
    expect(await install('/currentuser')).toBe(0);
    expect(app.exitCode).toBe(0);
  });

  it('for all users runs nothing of a copy that its user can write: that is uninstalled first, by whoever has it', async () => {
    await install('/currentuser');
    const app = await begin(folders.thisUser);
    const before = await everything();
    expect(await install('/allusers')).toBe(4);
    fs.writeFileSync(noAdministrator, '');
    expect(await install('/allusers')).toBe(4);
    expect(seen()).toEqual(['runs']);
    expect(app.exitCode).toBeNull();
    expect(await everything()).toEqual(before);
  });

  it('asks Windows for an administrator where a silent one for all users has none, and ends as that half did', async () => {
    fs.writeFileSync(noAdministrator, '');
    expect(await install()).toBe(0);
    expect(fs.existsSync(program(folders.allUsers))).toBe(true);
    const app = await begin(folders.allUsers);
    fs.writeFileSync(stays, '');
    expect(await install()).toBe(3);
    expect(seen()).toEqual(['runs', 'asked to end, stays']);
    expect(app.exitCode).toBeNull();
    fs.rmSync(stays);
    expect(await install()).toBe(0);
    expect(app.exitCode).toBe(0);
  });

  it('for all users never runs what this user registered as the uninstaller, before or meanwhile', async () => {
    fs.mkdirSync(path.dirname(other), { recursive: true });
    fs.copyFileSync(standIn, other);
    await setValue(ofThisUser, 'UninstallString', `"${seenFrom(other)}"`);
    expect(await install('/allusers')).toBe(4);
    expect(fs.existsSync(program(folders.allUsers))).toBe(false);
    await deleteKey(ofThisUser);

    expect(await install('/allusers')).toBe(0);
    const app = await begin(folders.allUsers);
    fs.writeFileSync(writes, uninstallKey);
    expect(await install('/allusers')).toBe(0);
    expect(await valueOf(ofThisUser, 'UninstallString')).toContain('Hypernest.exe');
    expect(seen()).toEqual(['runs', 'asked to end', 'ends in order']);
    expect(app.exitCode).toBe(0);
  });

  it('with an administrator’s rights asks no program that only its command line names', async () => {
    fs.mkdirSync(path.dirname(other), { recursive: true });
    fs.copyFileSync(standIn, other);
    expect(await install('/allusers')).toBe(0);
    const app = await begin(path.dirname(other));
    expect(await uninstallHere(folders.allUsers, path.dirname(other))).toBe(3);
    expect(seen()).toEqual(['runs']);
    expect(app.exitCode).toBeNull();
    await run(other, ['--end']);
    await until(() => expect(app.exitCode).toBe(0));
  });

  it('updates the copy of this user in silence, asking for no administrator, where there is one for all users too', async () => {
    expect(await install('/allusers')).toBe(0);
    expect(await install('/currentuser')).toBe(0);
    const marks = both.map((folder) => path.join(folder, 'of-the-old-version'));
    for (const mark of marks) fs.writeFileSync(mark, '');
    fs.writeFileSync(noAdministrator, '');
    expect(await install('--updated')).toBe(0);
    expect(marks.map((mark) => fs.existsSync(mark))).toEqual([true, false]);
  });

  it('deletes nothing that a link in the folders of this user leads to', async () => {
    expect(await install('/allusers')).toBe(0);
    await use();
    const elsewhere = path.join(path.dirname(other), 'kept');
    fs.mkdirSync(path.dirname(other), { recursive: true });
    fs.writeFileSync(elsewhere, '');
    fs.symlinkSync(path.dirname(other), path.join(folders.settings, 'runs', 'link'));
    fs.rmSync(folders.updater, { recursive: true });
    fs.symlinkSync(path.dirname(other), folders.updater);
    await uninstall(folders.allUsers, '/REMOVESETTINGS');
    expect(isKept()).toEqual([false, false]);
    expect(fs.existsSync(elsewhere)).toBe(true);
  });

  it('uninstalls for all users where Windows asks for an administrator, and removes what is of the one who asked', async () => {
    const before = await everything();
    expect(await install('/allusers')).toBe(0);
    await use();
    fs.mkdirSync(folders.roaming);
    const app = await begin(folders.allUsers);
    fs.writeFileSync(noAdministrator, '');
    await uninstall(folders.allUsers, '/REMOVESETTINGS');
    expect(seen()).toEqual(['runs', 'asked to end', 'ends in order']);
    expect(app.exitCode).toBe(0);
    await until(() => expect(fs.existsSync(noAdministrator)).toBe(true));
    expect(await everything()).toEqual(before);
  });

  it('ends an app that runs before it is uninstalled', async () => {
    await install();
    const app = await begin(folders.allUsers);
    await uninstall(folders.allUsers);
    expect(seen()).toEqual(['runs', 'asked to end', 'ends in order']);
    expect(app.exitCode).toBe(0);
  });
});
