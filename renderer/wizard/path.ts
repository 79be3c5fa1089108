/** What a ChangePath names, taken apart. */
import type { AdapterId, Guid } from '../../src/core/call.js';
import type { ChangePath } from '../../src/core/goal.js';

export type SettingKey =
  | 'power'
  | 'nesting'
  | 'version'
  | 'memory.startup'
  | 'memory.maximum'
  | 'stopAction'
  | 'automaticCheckpoints'
  | 'savedState'
  | 'macSpoofing';

export interface Setting {
  readonly vm: Guid;
  readonly key: SettingKey;
  readonly adapter?: AdapterId;
}

export function settingOf(path: ChangePath): Setting {
  const slash = path.indexOf('/');
  const vm = path.slice(0, slash);
  const rest = path.slice(slash + 1);
  const adapter = /^adapters\/(.*)\/macSpoofing$/s.exec(rest)?.[1];
  return adapter === undefined ? { vm, key: rest as SettingKey } : { vm, key: 'macSpoofing', adapter };
}
