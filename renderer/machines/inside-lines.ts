/** What was read inside a machine, in lines: each what is so and why, nothing for what does not matter. */
import type { Machine } from '../../src/core/machine/machine.js';
import { plainWindows } from '../../src/core/checks/purposes.js';
import { roleNames, roleWords } from '../../src/core/machine/roles.js';
import { joined, shown, type Message, type Translator } from '../../src/text/index.js';
import { roleWord } from '../inside/roles.js';
import type { IconName } from '../ui/icons.js';

export interface InsideLine {
  readonly id: 'windows' | 'hypervisor' | 'roles' | 'switches' | 'nat' | 'unread';
  readonly icon: IconName;
  readonly what: string;
  readonly why: string;
}

interface HypervisorLine extends InsideLine {
  readonly verdict: 'ok' | 'warning' | 'unknown';
}

export function insideLines(t: Translator, guest: Machine): readonly InsideLine[] {
  return [
    windows(t, guest),
    hypervisorLine(t, guest),
    {
      id: 'roles',
      icon: 'settings',
      what: t('inside.roles'),
      why: roleNames
        .map((role) =>
          // Each in one piece: a line breaks between them.
          t('inside.role', {
            role: t.message(roleWords(role)),
            state: t.message(roleWord(guest.inside?.roles[role])),
          }).replaceAll(' ', '\u00a0'),
        )
        .join(' · '),
    },
    switches(t, guest),
    nat(t, guest),
    ...unread(t, guest),
  ];
}

function windows(t: Translator, { host, inside }: Machine): InsideLine {
  const base = { id: 'windows', icon: 'pc' } as const;
  const found = host.windows;
  if (!found) return { ...base, what: t('inside.windowsUnread'), why: t('inside.windowsUnreadWhy') };
  const build = String(found.build);
  const free = inside?.freeDisk;
  return {
    ...base,
    what: shown(plainWindows(found.caption)),
    why: free === undefined ? t('inside.windowsBuild', { build }) : t('inside.windowsDisk', { build, free }),
  };
}

/** That its hypervisor runs is no setting: it is read where it would run. */
export function hypervisorLine(t: Translator, { host }: Machine): HypervisorLine {
  const base = { id: 'hypervisor' } as const;
  const count = host.hypervisorProcessors;
  if (count === undefined)
    return {
      ...base,
      verdict: 'unknown',
      icon: 'nest-unknown',
      what: t('inside.hypervisorUnread'),
      why: t('inside.hypervisorUnreadWhy'),
    };
  if (count > 0) {
    const why = t('inside.certainWhy', { count });
    return { ...base, verdict: 'ok', icon: 'nest-inside', what: t('inside.certain'), why };
  }
  const why = t('inside.certainlyNotWhy');
  return { ...base, verdict: 'warning', icon: 'nest-on', what: t('inside.certainlyNot'), why };
}

function switches(t: Translator, { host, inside }: Machine): InsideLine {
  const base = { id: 'switches', icon: 'swap' } as const;
  if (host.switches === undefined || (host.switches.length === 0 && inside?.roles['hyper-v'] !== 'Enabled'))
    return inside?.roles['hyper-v'] === 'Enabled'
      ? { ...base, what: t('inside.switchesUnread'), why: t('inside.unreadWhy') }
      : { ...base, what: t('inside.switchesNone'), why: t('inside.switchesNoRole') };
  if (host.switches.length === 0) return { ...base, what: t('inside.switchesNone'), why: t('inside.switchesNoneWhy') };
  return {
    ...base,
    what: t('inside.switches', { count: host.switches.length }),
    why: host.switches
      .map(({ name = t('inside.switchUnnamed'), type }) => t.message(named(name, type)))
      .join(t('activity.pieces')),
  };
}

function named(name: string, type: 'Private' | 'Internal' | 'External' | undefined): Message {
  const params = { name };
  switch (type) {
    case 'External':
      return { key: 'inside.switchExternal', params };
    case 'Internal':
      return { key: 'inside.switchInternal', params };
    case 'Private':
      return { key: 'inside.switchPrivate', params };
    case undefined:
      return { key: 'inside.switchPlain', params };
  }
}

function nat(t: Translator, { network }: Machine): InsideLine {
  const base = { id: 'nat', icon: 'globe' } as const;
  const nats = network?.nats;
  if (nats === undefined) return { ...base, what: t('inside.natUnread'), why: t('inside.unreadWhy') };
  if (nats === 'missing') return { ...base, what: t('inside.natNone'), why: t('inside.natMissing') };
  const [first, ...others] = nats;
  if (first === undefined) return { ...base, what: t('inside.natNone'), why: '' };
  if (others.length === 0)
    return { ...base, what: t('inside.nat', { name: first.name }), why: t('inside.natWhy', { prefix: first.prefix }) };
  const names = joined(
    nats.map(({ name, prefix }) => t('inside.natOne', { name, prefix })),
    t('activity.pieces'),
  );
  return { ...base, what: t('inside.natMany', { count: nats.length }), why: t('inside.natManyWhy', { names }) };
}

function unread(t: Translator, { host, network }: Machine): readonly InsideLine[] {
  const count = host.unread.length + (network?.unread.length ?? 0);
  return count === 0
    ? []
    : [{ id: 'unread', icon: 'unknown', what: t('inside.unread', { count }), why: t('inside.unreadWhy') }];
}
