/** Hosts beside the simulated PC of a scenario. VMs of two of them have the same ids, as imported copies have. */
import type { World } from '../world.js';
import { labOf } from './trouble.js';

export interface HostBeside {
  /** 12 hex digits after `host-`. */
  readonly id: string;
  readonly address: string;
  readonly label: string;
  readonly make: () => World;
  /** Absent: it answers. */
  readonly refuses?: 'away' | 'key-changed';
}

function host(number: number, label: string, vms: number, refuses?: HostBeside['refuses']): HostBeside {
  return {
    id: `host-${number.toString(16).padStart(12, '0')}`,
    address: `admin@${label.toLowerCase()}`,
    label,
    make: () => {
      const world = labOf(vms);
      world.host.name = label;
      return world;
    },
    ...(refuses && { refuses }),
  };
}

/** Who has none is not among them. */
const beside: Readonly<Record<string, readonly HostBeside[]>> = {
  'lab-of-3-hosts': [host(1, 'BUILD-01', 8), host(2, 'BUILD-02', 6, 'away'), host(3, 'TEST-01', 4, 'key-changed')],
  'lab-of-20-hosts': Array.from({ length: 20 }, (_, index) =>
    host(index + 1, `LAB-${String(index + 1).padStart(2, '0')}`, 30),
  ),
};

export const hostsBeside = (scenario: string): readonly HostBeside[] =>
  Object.hasOwn(beside, scenario) ? (beside[scenario] ?? []) : [];
