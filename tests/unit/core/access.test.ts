import { describe, expect, it } from 'vitest';
import { accessOf, trayStateOf, type Access } from '../../../src/core/machine/access.js';
import { isHome } from '../../../src/core/machine/edition.js';
import type { Handshake } from '../../../src/core/cmdlets/call.js';
import type { HostFacts } from '../../../src/core/machine/machine.js';
import { handshakeOf, machineOf, mei, now, stranger, vmOf } from './worlds.js';

const of = (handshake: Partial<Handshake>, host: Partial<HostFacts> = {}): Access['kind'] =>
  accessOf({ kind: 'ready', handshake: handshakeOf(handshake) }, machineOf(host)).kind;
const stopped = { vmms: { state: 'Stopped', startMode: 'Auto' } };

describe('why VMs cannot be seen is said, not taken for none', () => {
  it.each<[string, Partial<Handshake>, Partial<HostFacts>, Access['kind']]>([
    ['in the group', {}, {}, 'ok'],
    ['elevated only', { identity: { ...stranger, isElevated: true } }, {}, 'ok'],
    ['neither', { identity: stranger }, {}, 'no-access'],
    ['whether it is a member is not known', { identity: { ...stranger, isMember: null } }, {}, 'no-access'],
    ['joined, this sign-in began before', { identity: { ...stranger, isMember: true } }, {}, 'joined-not-signed-out'],
    ['restricted by application control', { languageMode: 'ConstrainedLanguage' }, {}, 'constrained-language'],
    ['policy blocks the module', { modules: [{ name: 'Hyper-V', state: 'blocked' }] }, {}, 'module-blocked'],
    ['no module', { modules: [{ name: 'Hyper-V', state: 'missing' }] }, {}, 'no-hyper-v'],
    ['the feature is off', {}, { features: { 'Microsoft-Hyper-V': 'disabled' }, services: {} }, 'no-hyper-v'],
    ['features not read, no service', {}, { features: undefined, services: {} }, 'no-hyper-v'],
    ['nothing of both read', {}, { features: undefined, services: undefined }, 'ok'],
    ['the service is stopped', {}, { services: stopped }, 'service-stopped'],
    ['no rights either: the service first', { identity: stranger }, { services: stopped }, 'service-stopped'],
  ])('%s', (_, handshake, host, kind) => expect(of(handshake, host)).toBe(kind));

  it('a session that starts or was lost comes before all else', () => {
    expect(accessOf({ kind: 'starting' }, machineOf()).kind).toBe('starting');
    expect(accessOf({ kind: 'lost' }, machineOf()).kind).toBe('lost');
    expect(accessOf({ kind: 'ready', handshake: handshakeOf() }, null).kind).toBe('starting');
  });

  it('says as of when VMs are shown that may not be seen any more, and nothing of that where none were', () => {
    const ended = { why: 'unused', asOf: now } as const;
    const connection = { kind: 'ready', handshake: handshakeOf({ identity: stranger }), ended } as const;
    expect(accessOf(connection, machineOf({}, [vmOf(1)]))).toEqual({ kind: 'ended', ...ended });
    expect(accessOf(connection, machineOf({}, [])).kind).toBe('no-access');
    expect(accessOf(connection, machineOf({ services: stopped }, [vmOf(1)])).kind).toBe('service-stopped');
  });

  it('says of a Home edition that there is no Hyper-V to turn on', () => {
    const home = { caption: 'Windows 11 Home', build: 26100, sku: 101, server: false };
    const modules = [{ name: 'Hyper-V', state: 'missing' }] as const;
    expect(accessOf({ kind: 'ready', handshake: handshakeOf({ modules }) }, machineOf({ windows: home }))).toEqual({
      kind: 'no-hyper-v',
      home: true,
    });
    expect([98, 99, 100, 101, 48, 4].map(isHome)).toEqual([true, true, true, true, false, false]);
  });
});

describe('the icon of the tray', () => {
  it.each<[Access, boolean, boolean, string]>([
    [{ kind: 'ok' }, false, false, 'ready'],
    [{ kind: 'ok' }, true, false, 'working'],
    [{ kind: 'ok' }, false, true, 'attention'],
    [{ kind: 'starting' }, false, false, 'working'],
    [{ kind: 'lost' }, false, false, 'attention'],
    [{ kind: 'service-stopped' }, false, false, 'attention'],
    [{ kind: 'no-access' }, false, false, 'no-access'],
    [{ kind: 'ended', why: 'unused', asOf: now }, false, false, 'no-access'],
    [{ kind: 'joined-not-signed-out' }, false, false, 'no-access'],
    [{ kind: 'module-blocked', module: 'Hyper-V' }, false, false, 'no-access'],
    [{ kind: 'constrained-language', mode: 'ConstrainedLanguage' }, false, false, 'no-access'],
    [{ kind: 'no-hyper-v', home: false }, true, true, 'no-hyper-v'],
  ])('%o, running %s, cut short %s: %s', (access, running, cutShort, state) => {
    expect(trayStateOf(access, running, cutShort)).toBe(state);
  });
});

it('who is in the group needs no elevation', () => expect(of({ identity: { ...mei, isElevated: false } })).toBe('ok'));
