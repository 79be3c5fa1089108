import { statSync } from 'node:fs';
import { newestSource } from '../../tools/build.mjs';

/** Tests of an old build are worse than none: they are green on code that is gone. */
export default function refuseAnOldBuild(): void {
  const built = statSync('out/main/main.js', { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= newestSource()) return;
  throw new Error(
    `The app is ${built === 0 ? 'not built' : 'older than its sources'}: npm run test:e2e builds it first`,
  );
}
