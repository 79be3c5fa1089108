/** Virtualization of other makers on a machine: by the same calls for this PC and for a guest, and read seldom. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { Answers, Batch } from '../cmdlets/batch.js';
import type { ThirdParty } from './machine.js';
import { isOfWholeCall, readOf, type Read } from '../cmdlets/reads.js';
import { thirdPartyApps, type ThirdPartyApp } from './makers.js';
import { ifRead } from './reading.js';

export function thirdPartyCalls(at: MachineRef) {
  const none = { params: {}, at } as const;
  return {
    drivers: { cmdlet: 'Get-CimInstance/Win32_SystemDriver', ...none },
    services: { cmdlet: 'Get-CimInstance/ThirdPartyService', ...none },
    programs: { cmdlet: 'Get-ItemProperty/Uninstall', ...none },
  } as const satisfies Batch;
}
type ThirdPartyAnswers = Answers<ReturnType<typeof thirdPartyCalls>>;

/** Of what is installed only what the table names is kept. */
export function assembleThirdParty({ drivers, services, programs }: ThirdPartyAnswers, readAt: string): ThirdParty {
  const listed = readOf(programs);
  return {
    drivers: serviceNames(readOf(drivers)),
    services: serviceNames(readOf(services)),
    // A list that ended early may lack one.
    programs: listed.errors.some(isOfWholeCall)
      ? undefined
      : listed.rows?.flatMap(({ DisplayName: name }) =>
          name !== undefined && thirdPartyApps.some(({ programs }) => programs.test(name)) ? [name] : [],
        ),
    readAt,
  };
}

const serviceNames = ({
  rows,
}: Read<'Get-CimInstance/Win32_SystemDriver' | 'Get-CimInstance/ThirdPartyService'>): ThirdParty['drivers'] =>
  rows?.flatMap(({ Name, State }) => (Name === undefined ? [] : [{ name: Name, state: State ?? '' }]));

/** What of an application was found on a machine; empty: nothing. */
export function tracesOf(app: ThirdPartyApp, found: ThirdParty) {
  const isOne = (names: readonly string[], name: string): boolean =>
    names.some((one) => one.toLowerCase() === name.toLowerCase());
  return {
    drivers: ifRead(found.drivers, [], (all) => all.filter(({ name }) => isOne(app.drivers, name))),
    services: ifRead(found.services, [], (all) => all.filter(({ name }) => isOne(app.services, name))),
    programs: ifRead(found.programs, [], (all) => all.filter((name) => app.programs.test(name))),
  };
}

export function isFound(app: ThirdPartyApp, found: ThirdParty | undefined): boolean {
  if (!found) return false;
  const { drivers, services, programs } = tracesOf(app, found);
  return drivers.length + services.length + programs.length > 0;
}
