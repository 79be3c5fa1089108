import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';

const run = promisify(execFile);
const runtime = process.env['ELECTRON_OVERRIDE_DIST_PATH'];

test('the package holds only what runs, and its fuses are set', async () => {
  test.setTimeout(120_000);
  // electron-builder for this platform: the same files, archive and fuses as in the installer for Windows.
  const folder = await mkdtemp(path.join(tmpdir(), 'hypernest-package-'));
  try {
    const stand = runtime
      ? [
          `-c.electronDist=${runtime}`,
          `-c.electronVersion=${(await readFile(path.join(runtime, 'version'), 'utf8')).trim()}`,
        ]
      : [];
    const builder = path.resolve('node_modules/electron-builder/cli.js');
    await run(process.execPath, [builder, '--dir', `-c.directories.output=${folder}`, ...stand]);
    const [unpacked] = (await readdir(folder)).filter((name) => name.endsWith('unpacked'));
    if (!unpacked) throw new Error('electron-builder made no folder');
    const at = path.join(folder, unpacked);
    const resources = path.join(at, 'resources');
    const notices = await readFile(path.join(at, 'THIRD-PARTY-NOTICES.txt'), 'utf8').catch(() => '');
    expect(notices).toContain('svelte ');
    expect(await readdir(at)).toContain('LICENSE.txt');
    expect(await readdir(resources)).not.toContain('default_app.asar');
    const files = listPackage(path.join(resources, 'app.asar'), { isPack: false }).map((name) =>
      name.replaceAll('\\', '/'),
    );
    const foreign = files.filter(
      (name) => !/^\/(out(\/(main|preload|renderer)(\/.*)?)?|assets(\/[\w-]+\.png)?|package\.json)$/.test(name),
    );
    expect(foreign, 'nothing but what was built, pictures and package.json').toEqual([]);
    for (const needed of ['/out/main/main.js', '/out/preload/index.cjs', '/out/renderer/index.html'])
      expect(files).toContain(needed);
    const binary = path.join(at, process.platform === 'win32' ? 'Hypernest.exe' : 'hypernest');
    const wire = await getCurrentFuseWire(binary);
    const on = [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
    ];
    const off = [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ];
    for (const fuse of on) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.ENABLE);
    for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.DISABLE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
