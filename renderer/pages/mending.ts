/** What is so at a VM of what mends an error, in one sentence, and the button that leads on. */
import type { Vm } from '../../src/core/machine/machine.js';
import { canMend } from '../../src/core/errors/remedies.js';
import { idleInside } from '../../src/core/checks/ready-inside.js';
import { rolesFor, type Purpose } from '../../src/core/checks/purposes.js';
import type { Mend } from '../../src/core/errors/topics.js';
import { roleWords } from '../../src/core/machine/roles.js';
import type { GuestState } from '../../src/ipc/guests.js';
import { joined, type Translator } from '../../src/text/index.js';
import type { IconName } from '../ui/icons.js';

export interface MendRow {
  readonly icon: IconName;
  readonly what: string;
  readonly why?: string;
  /** What the button says; absent: there is nothing to do there. */
  readonly button?: string;
}

export function mendRow(t: Translator, mend: Mend, vm: Vm, account: GuestState): MendRow {
  const can = canMend(mend, vm);
  const name = { vm: vm.name };
  switch (mend) {
    case 'nesting-on':
    case 'nesting-off':
      return nestingRow(t, mend, vm);
    case 'start':
      return can === false
        ? { icon: 'power', what: t('errors.runs', name), why: t('errors.notTheCause') }
        : { icon: 'power', what: t('errors.doesNotRun', name), button: t('errors.start') };
    case 'memory':
      return { icon: 'memory', what: memoryOf(t, vm), button: t('errors.changeMemory') };
    case 'network':
      return can === true
        ? { icon: 'network', what: natOf(t, vm), button: t('errors.chooseNetwork') }
        : { icon: 'network', what: t('errors.doesNotRun', name), why: t('errors.mustRun') };
    case 'account':
      return can === true
        ? { icon: 'key', what: accountOf(t, vm, account), button: t('errors.signIn') }
        : { icon: 'key', what: t('errors.doesNotRun', name), why: t('errors.mustRun') };
    case 'wsl':
    case 'hyper-v':
    case 'android':
      return roleRow(t, mend, vm);
  }
}

function nestingRow(t: Translator, mend: 'nesting-on' | 'nesting-off', { name, nesting }: Vm): MendRow {
  const isWanted = mend === 'nesting-on';
  if (nesting === undefined) return { icon: 'nest-unknown', what: t('errors.nestingUnread', { vm: name }) };
  const what = t(nesting ? 'errors.nestingIsOn' : 'errors.nestingIsOff', { vm: name });
  const icon = nesting ? 'nest-on' : 'nest-off';
  return nesting === isWanted
    ? { icon, what, why: t('errors.notTheCause') }
    : { icon, what, button: t(isWanted ? 'errors.turnOn' : 'errors.turnOff') };
}

function memoryOf(t: Translator, { name, memory: { dynamic, startup, maximum } }: Vm): string {
  if (startup === undefined) return t('errors.memoryUnread', { vm: name });
  return dynamic === true && maximum !== undefined
    ? t('errors.memoryIsDynamic', { vm: name, startup, maximum })
    : t('errors.memoryIs', { vm: name, startup });
}

function natOf(t: Translator, { name, guest }: Vm): string {
  const nats = guest?.network?.nats;
  if (nats === undefined) return t('errors.natUnread', { vm: name });
  const [nat] = nats === 'missing' ? [] : nats;
  return nat ? t('errors.natIs', { vm: name, nat: nat.name, prefix: nat.prefix }) : t('errors.natNone', { vm: name });
}

function accountOf(t: Translator, { name }: Vm, { status, userName }: GuestState): string {
  if (userName === null) return t('errors.accountNone', { vm: name });
  const params = { vm: name, user: userName };
  if (status === 'open') return t('errors.signedIn', params);
  return t(status === 'refused' ? 'errors.wasRefused' : 'errors.accountKnown', params);
}

function roleRow(t: Translator, purpose: Purpose, vm: Vm): MendRow {
  const { name, guest } = vm;
  const states = rolesFor(purpose).map((role) => ({ role, state: guest?.inside?.roles[role] }));
  const open = states.filter(({ state }) => state !== 'Enabled');
  const about = (open.length > 0 ? open : states).map(({ role }) => t.message(roleWords(role)));
  const params = { role: joined(about, t('activity.pieces')), vm: name };
  const [idle] = open.length === 0 ? idleInside(rolesFor(purpose), vm) : [];
  if (idle) return { icon: 'nest-inside', what: t.message(idle.title), button: t('errors.makeReady') };
  if (open.length === 0) return { icon: 'nest-inside', what: t('errors.roleOn', params), why: t('errors.notTheCause') };
  const what = t(open.some(({ state }) => state === undefined) ? 'errors.roleUnread' : 'errors.roleOff', params);
  return { icon: 'nest-inside', what, button: t('errors.makeReady') };
}
