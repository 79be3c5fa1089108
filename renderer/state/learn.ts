/** The topics of Learn, and the checks that each explains. */
import type { CheckId } from '../../src/core/checks/check.js';

export type LearnTopic = 'nesting' | 'own-vm' | 'network' | 'others';

const byCheck: Partial<Readonly<Record<CheckId | 'nesting', LearnTopic>>> = {
  architecture: 'nesting',
  processor: 'nesting',
  extensions: 'nesting',
  'configuration-version': 'nesting',
  'hyper-v-role': 'nesting',
  hypervisor: 'nesting',
  nesting: 'nesting',
  'nested-inside': 'nesting',
  'virtualization-based-security': 'nesting',
  'dynamic-memory': 'nesting',
  'nested-memory': 'nesting',
  switch: 'network',
  'nested-network': 'network',
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
