/** The likeliest cause of a hop that failed, and the goal that mends it. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { Goal, VmWant } from '../machine/goal.js';
import type { Adapter, Machine, NetAdapter, Vm } from '../machine/machine.js';
import { dnsFor } from './addresses.js';
import { natsOf } from './nat.js';
import { networkWant } from './resolve.js';
import { isIn, parseAddress, parsePrefix } from './subnet.js';
import { cardOf } from './uplinks.js';
import { byId, ifRead } from '../machine/reading.js';

/** Microsoft's own test of connectivity: answers HTTP everywhere Windows does. */
export const OUTSIDE = 'www.msftconnecttest.com';

/** What is tried, and what is known around it. */
export interface ProofOf {
  /** The machine that L1 is in, with its network where it was read. */
  readonly root: Machine;
  /** L1, with its guest. */
  readonly at: VmRef;
  readonly l1: Vm;
  /** The nested VM; null: L1 stands for it. */
  readonly l2: Vm | null;
  /** Whether the inside of the nested VM can be entered. */
  readonly canEnter: boolean;
}

/** The nested VM's adapter and the switch that it is on; of L1 standing for it, none. */
function connectionOf({
  l1,
  l2,
}: ProofOf): { readonly adapter: Adapter; readonly type: string | undefined } | undefined {
  const adapter = ifRead(l2?.adapters, undefined, (all) => all[0]);
  const one = byId(l1.guest?.host.switches, adapter?.switchId);
  return adapter && { adapter, type: one?.type };
}

/** The L0 adapter under an external switch of L1, where spoofing is off: frames of nested VMs are dropped there. */
function withoutSpoofing({ l1 }: ProofOf): Adapter | undefined {
  return ifRead(l1.adapters, undefined, (all) =>
    all.find(
      (adapter) =>
        adapter.macSpoofing === 'Off' &&
        adapter.switchId !== null &&
        isUnderExternal(l1.guest, cardOf(l1.guest, adapter)),
    ),
  );
}
const isUnderExternal = (guest: Machine | undefined, card: NetAdapter | undefined): boolean =>
  ifRead(guest?.host.switches, false, (all) =>
    all.some((one) => one.type === 'External' && one.adapterDescription === card?.description),
  );

const goalFor = (vm: VmRef, want: VmWant): Goal => ({ kind: 'vms', wants: [{ vm, want }], consents: [] });

/** The way that is offered for this nested VM, as a goal. */
function networkFix({ root, at, l1, l2 }: ProofOf): { readonly fix?: Goal } {
  const adapter = ifRead(l2?.adapters, undefined, (all) => all[0]);
  if (!l2 || !adapter) return {};
  const want = networkWant(root, l1, 'nat', [{ vm: l2, adapter }]);
  return want ? { fix: goalFor(at, { network: want }) } : {};
}

/** What stands between a nested VM and any network, as the machine around it says without entering it. undefined: nothing that is known. */
export function knownFromOutside(guest: Machine | undefined, { name, adapters }: Vm): Message | undefined {
  if (adapters === undefined) return undefined;
  const params = { vm: name };
  if (adapters.every(({ switchId }) => switchId === null)) return { key: 'proof.notConnected', params };
  const isPrivate = adapters.every(({ switchId }) => {
    const one = byId(guest?.host.switches, switchId);
    return switchId === null || one?.type === 'Private';
  });
  return isPrivate ? { key: 'proof.privateSwitch', params } : undefined;
}

interface Cause {
  readonly cause: Message;
  readonly fix?: Goal;
}

function spoofingCause(of: ProofOf): Cause | undefined {
  if (connectionOf(of)?.type !== 'External') return undefined;
  const adapter = withoutSpoofing(of);
  if (!adapter) return undefined;
  return {
    cause: { key: 'proof.spoofingOff', params: { vm: of.l1.name } },
    fix: goalFor(of.at, { adapters: { [adapter.id]: { macSpoofing: 'On' } } }),
  };
}

export function causeOfNoAddress(of: ProofOf, isInside: boolean): Cause {
  const connection = connectionOf(of);
  if (!isInside || !connection || !of.l2) return { cause: { key: 'proof.noAddress' } };
  const params = { vm: of.l2.name };
  if (connection.adapter.switchId === null) return { cause: { key: 'proof.notConnected', params }, ...networkFix(of) };
  if (connection.type === undefined) return { cause: { key: 'proof.noAddress' } };
  const spoofing = spoofingCause(of);
  if (spoofing) return spoofing;
  if (connection.type === 'Internal' && natsOf(of.l1.guest?.network).length > 0)
    return { cause: { key: 'proof.natGivesNone', params }, ...networkFix(of) };
  if (connection.type === 'Private') return { cause: { key: 'proof.privateSwitch', params }, ...networkFix(of) };
  return { cause: { key: 'proof.noDhcp', params }, ...networkFix(of) };
}

export function causeOfSilentGateway(of: ProofOf, gateway: string, isInside: boolean): Cause {
  const spoofing = isInside ? spoofingCause(of) : undefined;
  if (spoofing) return spoofing;
  const { l1, l2 } = of;
  if (isInside && l2 && ifRead(l2.adapters, undefined, (all) => all[0]?.switchId) === null)
    return { cause: { key: 'proof.notConnected', params: { vm: l2.name } }, ...networkFix(of) };
  const has = ifRead(l1.guest?.network?.addresses, true, (all) => all.some(({ address }) => address === gateway));
  const isOfNat = natsOf(l1.guest?.network).some(({ prefix }) => contains(prefix, gateway));
  if (isInside && isOfNat && !has)
    return { cause: { key: 'proof.gatewayGone', params: { gateway, vm: l1.name } }, ...networkFix(of) };
  return { cause: { key: 'proof.gatewaySilent', params: { gateway } } };
}

function contains(prefix: string, address: string): boolean {
  const parsed = parsePrefix(prefix);
  const number = parseAddress(address);
  return parsed !== undefined && number !== undefined && isIn(number, parsed);
}

/** Another name server is offered where the address of the nested VM is ours to set. */
export function causeOfDns(of: ProofOf, cause: Message, isInside: boolean): Cause {
  const { root, l1 } = of;
  const others = l1.guest ? dnsFor(root, l1.guest) : [];
  const isOfNat = connectionOf(of)?.type === 'Internal' && natsOf(l1.guest?.network).length > 0;
  return isInside && isOfNat && others.length > 0 ? { cause, ...networkFix(of) } : { cause };
}

export function causeOutside({ l1 }: ProofOf, isInside: boolean): Message {
  const nats = natsOf(l1.guest?.network);
  if (isInside && nats.length > 1)
    return { key: 'proof.severalNats', params: { count: String(nats.length), vm: l1.name } };
  return { key: 'proof.outsideSilent', params: { name: OUTSIDE } };
}
