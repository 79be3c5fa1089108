/** What a package of electron-builder's must hold and have set, on whichever platform it was made. */
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

const shipped = /^\/(out(\/(main|preload|renderer)(\/.*)?)?|assets(\/[\w-]+\.(png|ico))?|package\.json)$/;

/** Of the archive in that folder `resources`: everything, and what has no business there. */
export function archived(resources: string): {
  readonly files: readonly string[];
  readonly foreign: readonly string[];
} {
  const archive = path.join(resources, 'app.asar');
  const files = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/'));
  return { files, foreign: files.filter((name) => !shipped.test(name) || /\.(map|ts|svelte)$/.test(name)) };
}

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

/** The fuses of a program that are not as they should be, by name. */
export async function wrongFuses(program: string): Promise<readonly string[]> {
  const wire = await getCurrentFuseWire(program);
  const wrong = [...on.filter((fuse) => wire[fuse] !== FuseState.ENABLE), ...off.filter((fuse) => wire[fuse] !== FuseState.DISABLE)]; // prettier-ignore
  return wrong.map((fuse) => FuseV1Options[fuse]);
}
