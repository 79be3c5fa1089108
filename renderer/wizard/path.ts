/** What a ChangePath names, taken apart. */
import type { AdapterId, Guid } from '../../src/core/cmdlets/call.js';
import type { ChangePath } from '../../src/core/machine/goal.js';
import { parsePath, type VmProperty } from '../../src/core/change/paths.js';

export interface Setting {
  readonly vm: Guid;
  /** The VM is inside that of the chain. */
  readonly isInside: boolean;
  /** undefined: of another version of the app. */
  readonly key: VmProperty | undefined;
  readonly adapter?: AdapterId;
}

export function settingOf(path: ChangePath): Setting {
  const { vm = path.slice(0, 36), inside, property, adapter } = parsePath(path) ?? {};
  return { vm, isInside: inside !== undefined, key: property, ...(adapter === undefined ? {} : { adapter }) };
}
