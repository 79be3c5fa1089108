// A package of the registry that is used as files, not as a dependency.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { npm } from './setup.mjs';

function checked(result) {
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(String(result.stderr));
  return String(result.stdout);
}

/** Unpacks it into a folder that is there; throws where it cannot be had, or is not the one that `integrity` names. */
export function unpack(spec, integrity, folder) {
  const packed = npm(['pack', spec, '--pack-destination', folder], { cwd: folder, encoding: 'utf8' });
  const file = path.join(folder, checked(packed).trim().split('\n').at(-1));
  const hash = createHash('sha512').update(fs.readFileSync(file)).digest('base64');
  if (`sha512-${hash}` !== integrity) throw new Error(`${spec}: unexpected contents`);
  checked(spawnSync('tar', ['xzf', file, '--strip-components', '1', '-C', folder], { encoding: 'utf8' }));
  fs.rmSync(file);
}
