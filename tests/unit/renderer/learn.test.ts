import { describe, expect, it } from 'vitest';
import { checkIds } from '../../../src/core/checks/check.js';
import { learnTopicOf } from '../../../renderer/state/learn.js';

/** What a page of explanations adds nothing to: the finding itself says all, and its button what to do. */
const saysAll: Readonly<Record<string, string>> = {
  rights: 'the pages on access explain it, and its button leads there',
  'administrator-protection': 'what it means here is said in the finding',
  windows: 'which Windows it is, and which is needed',
  edition: 'what this edition lacks is said in the finding',
  'hypervisor-below': 'what is below this PC, and what that means, in one line',
  'vm-state': 'the state, and what it has to be',
  'startup-memory': 'how much there is, and how much is advised',
  module: 'a missing or refused module has a page of its own',
  'language-mode': 'set by whoever manages the PC',
  'management-service': 'a service that is started, or is not',
  'processor-count': 'a number, and what too few of them mean, in one line',
  'vm-health': 'Windows’ own words on this VM',
  checkpoints: 'what they bring back is said in the finding',
  'stop-action': 'what it would do is said in the finding',
};

describe('from a check to what explains it', () => {
  it.each(checkIds)('%s leads to a topic of Learn, or there is a reason why not', (id) => {
    const reason = saysAll[id];
    if (reason === undefined) expect(learnTopicOf({ id })).toBeDefined();
    else expect(learnTopicOf({ id })).toBeUndefined();
  });

  it('has no reason for a check that there is not', () => {
    const known: readonly string[] = checkIds;
    expect(Object.keys(saysAll).filter((id) => !known.includes(id))).toEqual([]);
  });
});
