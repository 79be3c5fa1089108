/** Virtualization of other makers, as it is read of the PC and of a guest: one form, by one code. */
import { thisPc } from '../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../simulator/clock.js';
import { simulatedHost } from '../../simulator/host.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { ask } from '../../src/core/cmdlets/batch.js';
import { assembleThirdParty, thirdPartyCalls, tracesOf } from '../../src/core/machine/third-party.js';
import { thirdPartyApps } from '../../src/core/machine/makers.js';
import type { ThirdParty } from '../../src/core/machine/machine.js';

const now = '2026-11-24T08:00:00Z';

async function readPc(scenario: 'other-virtualization' | 'workstation', refused?: string): Promise<ThirdParty> {
  const simulator = createScenario(scenario, { clock: manualClock({ auto: true }) });
  if (refused !== undefined)
    simulator.fault({ cmdlet: refused, onwards: true, effect: { kind: 'error', error: 'cim-denied' } });
  return assembleThirdParty(await ask(simulatedHost(simulator), thirdPartyCalls(thisPc)), now);
}

/** Which of the table were found, and by how many traces. */
const foundIn = (read: ThirdParty) =>
  Object.fromEntries(
    thirdPartyApps.flatMap((app) => {
      const { drivers, services, programs } = tracesOf(app, read);
      const count = drivers.length + services.length + programs.length;
      return count > 0 ? [[app.id, count]] : [];
    }),
  );

describe('on this PC', () => {
  it('finds applications by drivers, services and programs, and keeps nothing else of what is installed', async () => {
    const read = await readPc('other-virtualization');
    expect(foundIn(read)).toEqual({ vmware: 3, docker: 2 });
    expect(read.programs).toEqual(['VMware Workstation', 'Docker Desktop']);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await readPc('workstation')).toEqual({ drivers: [], services: [], programs: [], readAt: now });
  });

  it('does not take what could not be read for nothing', async () => {
    expect(await readPc('other-virtualization', 'Get-ItemProperty')).toMatchObject({
      drivers: [{ name: 'vmx86', state: 'Running' }],
      programs: undefined,
    });
    expect(await readPc('other-virtualization', 'Get-CimInstance')).toMatchObject({
      drivers: undefined,
      services: undefined,
      programs: ['VMware Workstation', 'Docker Desktop'],
    });
  });
});
