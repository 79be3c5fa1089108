/**
 * Applications of other makers that virtualize (domain §6). On this PC they are no obstacle to nesting: advice at most.
 * Inside a VM those that want the extensions themselves are not supported: a warning, with what to use instead.
 */
import type { Machine, Vm } from '../machine/machine.js';
import { isFound, tracesOf } from '../machine/third-party.js';
import { thirdPartyApps, type ThirdPartyApp } from '../machine/makers.js';
import { facts, say, type Check, type Fact } from './check.js';
import { ifRead } from '../machine/reading.js';

/** Where it was looked: on this PC, or inside a VM, by name. */
type Place = { readonly on: 'pc' } | { readonly on: 'vm'; readonly id: string; readonly name: string };

/** Nothing where nobody has looked yet. */
export function thirdPartyChecks({ thirdParty: found }: Machine, place: Place): readonly Check[] {
  if (!found) return [];
  const those = thirdPartyApps.filter((app) => isFound(app, found));
  const isWhole = found.drivers !== undefined && found.services !== undefined && found.programs !== undefined;
  const evidence = [
    ...facts(
      'Win32_SystemDriver',
      ifRead(found.drivers, undefined, (all) => all.length),
    ),
    ...facts(
      'Win32_Service',
      ifRead(found.services, undefined, (all) => all.length),
    ),
    ...facts(
      uninstall,
      ifRead(found.programs, undefined, (all) => all.length),
    ),
  ];
  const base = { id: 'third-party', ...(place.on === 'vm' ? { vm: place.id } : {}) } as const;
  const rest: readonly Check[] = isWhole
    ? those.length > 0
      ? []
      : [{ ...base, ...say('ok', 'makers.none', { names: namesOfAll }), evidence }]
    : [
        {
          ...base,
          ...say('unknown', 'makers.unread', { names: namesOfAll }),
          evidence: evidence.filter(({ value }) => value === null),
        },
      ];
  return [...those.map((app) => ofApp(app, tracesOf(app, found), place)), ...rest];
}

/** Of a VM that was looked into. */
export const thirdPartyInside = ({ id, name, guest }: Vm): readonly Check[] =>
  guest ? thirdPartyChecks(guest, { on: 'vm', id, name }) : [];

const uninstall = 'HKLM …\\Uninstall DisplayName';
const namesOfAll = thirdPartyApps.map(({ name }) => name);

function ofApp(app: ThirdPartyApp, traces: ReturnType<typeof tracesOf>, place: Place): Check {
  const { id, name, wantsExtensions } = app;
  const evidence: readonly Fact[] = [
    ...traces.drivers.flatMap((one) => facts(`Win32_SystemDriver ${one.name}`, one.state)),
    ...traces.services.flatMap((one) => facts(`Win32_Service ${one.name}`, one.state)),
    ...traces.programs.flatMap((one) => facts(uninstall, one)),
  ];
  return place.on === 'pc'
    ? {
        id,
        verdict: wantsExtensions ? 'advice' : 'ok',
        title: { key: wantsExtensions ? 'makers.onPc' : 'makers.onPcFine', params: { app: name } },
        why: app.onPc,
        evidence,
      }
    : {
        id,
        vm: place.id,
        verdict: wantsExtensions ? 'warning' : 'advice',
        title: {
          key: wantsExtensions ? 'makers.inside' : 'makers.insideWorks',
          params: { app: name, vm: place.name },
        },
        why: app.inside,
        evidence,
      };
}
