import type { Vm } from '../../../src/core/machine/machine.js';

let made = 0;

/** A VM that is off and whole, but for what is said. */
export function vm(name: string, but: Partial<Vm> = {}): Vm {
  made += 1;
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    name,
    state: 'Off',
    problem: null,
    version: '12.0',
    generation: 2,
    created: '2026-01-05T08:00:00Z',
    uptime: 0,
    heartbeat: null,
    processors: 4,
    nesting: false,
    inside: 'no',
    insideEvidence: { kind: 'nesting-off' },
    memory: { dynamic: false, startup: 4 * 2 ** 30, minimum: 2 ** 29, maximum: 2 ** 40, assigned: 0, demand: 0 },
    stopAction: 'ShutDown',
    automaticCheckpoints: false,
    checkpointType: 'Production',
    parentCheckpoint: null,
    checkpoints: [],
    adapters: [],
    shutdownService: 'ok',
    nested: null,
    readAt: '2026-11-24T08:00:00Z',
    unread: [],
    ...but,
  };
}
