/** The topics of Learn, and the checks that each explains. */
import type { CheckId } from '../../src/core/checks/check.js';

export type LearnTopic = 'nesting' | 'memory' | 'network' | 'needs' | 'others';

const byCheck: Partial<Readonly<Record<CheckId | 'nesting' | 'guest-windows' | 'guest-limit', LearnTopic>>> = {
  architecture: 'needs',
  windows: 'needs',
  edition: 'needs',
  processor: 'needs',
  extensions: 'needs',
  'hypervisor-below': 'needs',
  'configuration-version': 'needs',
  'vm-state': 'needs',
  'guest-windows': 'needs',
  'hyper-v-role': 'nesting',
  hypervisor: 'nesting',
  nesting: 'nesting',
  'nested-inside': 'nesting',
  'virtualization-based-security': 'nesting',
  'startup-memory': 'memory',
  'dynamic-memory': 'memory',
  'nested-memory': 'memory',
  switch: 'network',
  network: 'network',
  virtualbox: 'others',
  vmware: 'others',
  haxm: 'others',
  aehd: 'others',
  docker: 'others',
  'nat-overlap': 'network',
  'nested-nat-overlap': 'network',
  'third-party': 'others',
};
const topics = new Map<string, LearnTopic>(Object.entries(byCheck));

/** Of a check or a prerequisite; undefined: nothing explains it. */
export const learnTopicOf = (check: object): LearnTopic | undefined =>
  'id' in check && typeof check.id === 'string' ? topics.get(check.id) : undefined;
