/** The first line and the events of a run, as small as they can be. */
import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import type { Plan } from '../../../src/core/change/step.js';
import type { RunEvent } from '../../../src/core/run/record.js';

const vm = '00000000-0000-4000-8000-000000000001';
const goal = { kind: 'vms', wants: [], consents: [] } as const;
const plan: Plan = {
  id: 'plan',
  goal,
  wants: [{ vm: vmIn(thisPc, vm), want: { nesting: true } }],
  readAt: '2026-11-24T08:00:00.000Z',
  chains: [
    {
      vm: vmIn(thisPc, vm),
      name: '构建机 “a”',
      steps: [
        {
          id: 'step',
          number: 1,
          vm: vmIn(thisPc, vm),
          title: { key: 'plan.nestingOn' },
          do: {
            call: {
              cmdlet: 'Set-VMProcessor',
              params: { ExposeVirtualizationExtensions: true },
              at: thisPc,
              on: { vm },
            },
          },
          kind: 'setting',
          changes: [{ path: `${vm}/nesting`, from: false, to: true }],
        },
      ],
      power: null,
      basis: [],
      nested: [],
    },
  ],
  consents: [],
  oneWay: [],
  blocked: [],
};

export const headOf = (id: string, schema = 1, order = 1) => ({ id, schema, order, appVersion: '0.1.0', goal, plan });

export const eventOf = (seq: number): RunEvent => ({
  kind: 'step',
  vm: vmIn(thisPc, vm),
  step: 'step',
  state: seq % 2 === 0 ? 'running' : 'done',
  found: [{ path: `${vm}/nesting`, from: false, to: true }],
  run: 'run',
  seq,
  time: new Date(Date.UTC(2026, 10, 24, 9, 0, seq)).toISOString(),
  elapsed: seq,
});
