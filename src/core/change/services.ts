/** Services inside a VM, without which a role that is on cannot be used: how they start, and whether they run. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import type { CmdletName } from '../cmdlets/catalog.js';
import { guestServices, type GuestService, type PlannedWant, type ServiceWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { idleServices } from '../machine/role-state.js';
import { roleNames } from '../machine/roles.js';
import { isOneOf, servicePath, type VmProperty } from './paths.js';
import { row, type Setting, type Which } from './setting.js';
import type { Part, Value } from './step.js';

const startModes = ['Auto', 'Manual', 'Disabled'] as const;
const startWords = {
  Auto: { key: 'plan.valueStartAuto' },
  Manual: { key: 'plan.valueStartManual' },
  Disabled: { key: 'plan.valueStartDisabled' },
} as const;
const states = ['Running', 'Stopped'] as const;
const isStartMode = isOneOf(startModes);
const isState = isOneOf(states);

/** How Windows itself sets them up. */
const usual = { vmms: 'Auto', vmcompute: 'Manual' } as const;

/** Of a service that is so a role can be used, as far as that goes. */
export const isUsable = (service: GuestService, value: Value): boolean =>
  value === 'Running' || value === usual[service];

const serviceOf = (vm: Vm, service: GuestService | undefined) =>
  service === undefined ? undefined : ifRead(vm.guest?.host.services, undefined, (all) => all[service]);

function withService(vm: Vm, service: GuestService | undefined, change: ServiceWant): Vm {
  const { guest } = vm;
  const before = serviceOf(vm, service);
  if (!guest || !before || service === undefined) return vm;
  const services = ifRead(guest.host.services, {}, (all) => ({ ...all, [service]: { ...before, ...change } }));
  return { ...vm, guest: { ...guest, host: { ...guest.host, services } } };
}

const wantFor = ({ service }: Which, want: ServiceWant): PlannedWant =>
  service === undefined ? {} : { services: { [service]: want } };

export const serviceSettings: Readonly<Record<Extract<VmProperty, `service.${string}`>, Setting>> = {
  'service.startMode': row<(typeof startModes)[number]>({
    is: isStartMode,
    name: ({ service = '' }) => ({ key: 'plan.nameServiceStart', params: { service } }),
    say: (value) => startWords[value],
    needsOff: false,
    oneWay: false,
    read: (vm, { service }) => {
      const mode = serviceOf(vm, service)?.startMode;
      return isStartMode(mode) ? mode : undefined;
    },
    set: (vm, startMode, { service }) => withService(vm, service, { startMode }),
    want: (startMode, which) => wantFor(which, { startMode }),
  }),
  'service.state': row<(typeof states)[number]>({
    is: isState,
    name: ({ service = '' }) => ({ key: 'plan.nameService', params: { service } }),
    say: (value) => ({ key: value === 'Running' ? 'plan.valueRunning' : 'plan.valueStopped' }),
    needsOff: false,
    oneWay: false,
    read: (vm, { service }) => {
      const state = serviceOf(vm, service)?.state;
      return isState(state) ? state : undefined;
    },
    set: (vm, state, { service }) => withService(vm, service, { state }),
    want: (state, which) => wantFor(which, { state }),
  }),
};

/** Two wishes as one; the later one counts. */
export function mergeServices(
  a: NonNullable<PlannedWant['services']> = {},
  b: NonNullable<PlannedWant['services']> = {},
): NonNullable<PlannedWant['services']> {
  const merged = guestServices.flatMap((service) => {
    const want = { ...a[service], ...b[service] };
    return Object.keys(want).length > 0 ? [[service, want] as const] : [];
  });
  return Object.fromEntries(merged);
}

/** What roles that are asked for lack though they are on, or would after a restart, and what an undo asks for. */
function wantedServices(vm: Vm, want: PlannedWant, restarts: boolean): NonNullable<PlannedWant['services']> {
  const lacked = roleNames
    .filter((role) => want.roles?.[role] === true)
    .flatMap((role) => idleServices(vm, role))
    .map(({ service }): NonNullable<PlannedWant['services']> => ({
      [service]: { startMode: usual[service], ...(service === 'vmms' ? { state: 'Running' } : {}) },
    }));
  const stays = restarts && want.roles?.['hyper-v'] === true ? { vmms: { startMode: usual.vmms } } : {};
  return [stays, ...lacked, want.services ?? {}].reduce(mergeServices, {});
}

/** What is changed, and how. */
const acts: Readonly<Record<GuestService, Readonly<Record<string, Pick<Part, 'title'> & { readonly cmdlet: Act }>>>> = {
  vmms: {
    Auto: { title: { key: 'plan.serviceAuto', params: { service: 'vmms' } }, cmdlet: 'Set-Service/vmms' },
    Manual: { title: { key: 'plan.serviceManual', params: { service: 'vmms' } }, cmdlet: 'Set-Service/vmms-manual' },
    Disabled: {
      title: { key: 'plan.serviceDisable', params: { service: 'vmms' } },
      cmdlet: 'Set-Service/vmms-disabled',
    },
    Running: { title: { key: 'plan.serviceStart', params: { service: 'vmms' } }, cmdlet: 'Start-Service/vmms' },
    Stopped: { title: { key: 'plan.serviceStop', params: { service: 'vmms' } }, cmdlet: 'Stop-Service/vmms' },
  },
  // Who needs it starts it.
  vmcompute: {
    Manual: { title: { key: 'plan.serviceAllow', params: { service: 'vmcompute' } }, cmdlet: 'Set-Service/vmcompute' },
    Disabled: {
      title: { key: 'plan.serviceDisable', params: { service: 'vmcompute' } },
      cmdlet: 'Set-Service/vmcompute-disabled',
    },
  },
};
type Act = Extract<CmdletName, `${string}-Service/${string}`>;

interface ServiceParts {
  /** A service can be used: allowed to start before it is started. */
  readonly before: readonly Part[];
  /** It cannot any more: stopped before it is kept from starting, when nothing of the plan needs it. */
  readonly after: readonly Part[];
}

export function serviceParts(at: MachineRef, vm: Vm, want: PlannedWant, restarts: boolean): ServiceParts {
  const wanted = wantedServices(vm, want, restarts);
  const part = (service: GuestService, property: keyof ServiceWant, to: string): readonly Part[] => {
    // What is between two states, or called in no known way, could not be set back to.
    const from = serviceSettings[`service.${property}`].read(vm, { vm: vm.id, service });
    const act = from === undefined || from === to ? undefined : acts[service][to];
    if (!act || from === undefined) return [];
    const call = { cmdlet: act.cmdlet, params: {}, at: vmIn(at, vm.id) };
    const changes = [{ path: servicePath(vm.id, service, property), from, to }];
    return [{ title: act.title, do: { call }, kind: 'inside', changes }];
  };
  const parts = (isGiven: boolean, ...order: readonly (keyof ServiceWant)[]): readonly Part[] =>
    guestServices.flatMap((service) =>
      order.flatMap((property) => {
        const to = wanted[service]?.[property];
        return to !== undefined && isUsable(service, to) === isGiven ? part(service, property, to) : [];
      }),
    );
  return { before: parts(true, 'startMode', 'state'), after: parts(false, 'state', 'startMode') };
}
