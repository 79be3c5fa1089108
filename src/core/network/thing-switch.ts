/** A switch: an internal one, or one that is bound to a card of its machine. */
import { isVmRef } from '../cmdlets/ref.js';
import { ifRead } from '../machine/reading.js';
import { isTaken, takenNames } from './names.js';
import { UNKNOWN, type Row } from './thing-row.js';

export const ofSwitch: Row<'switch'> = {
  // Windows makes a second one of the same name without a word (facts: switch-duplicate).
  problem: (home, { name }) => (isTaken(name, takenNames(home)) ? { key: 'advice.nameTaken', params: { name } } : null),
  make: ({ name, card, at }) =>
    card === undefined
      ? {
          title: { key: 'plan.makeSwitch', params: { name } },
          call: { cmdlet: 'New-VMSwitch/Internal', params: { Name: name }, at },
        }
      : {
          title: { key: 'plan.makeExternal', params: { name } },
          call: { cmdlet: 'New-VMSwitch/External', params: { Name: name, NetAdapterName: card }, at },
        },
  why: ({ card, at }) => ({
    key:
      card !== undefined
        ? 'network.madeExternalWhy'
        : isVmRef(at)
          ? 'network.madeSwitchWhy'
          : 'network.madeSwitchWhyHere',
  }),
  foreseen: ({ at, name }) => ({ what: 'switch', at, id: UNKNOWN, name }),
  add: (home, { name }) => {
    const added = { id: UNKNOWN, name, type: 'Internal', adapterDescription: '' } as const;
    return { ...home, host: { ...home.host, switches: [...ifRead(home.host.switches, [], (all) => all), added] } };
  },
  ids: ({ host }) => ifRead(host.switches, undefined, (all) => all.map(({ id }) => id)),
  find: ({ host }, { at, name }, isIt) => {
    const found = ifRead(host.switches, undefined, (all) => all.find((one) => one.name === name && isIt(one.id)));
    return found && { what: 'switch', at, id: found.id, name };
  },
  isSame: ({ host }, { id, name }) =>
    ifRead(host.switches, false, (all) => all.some((one) => one.id === id && one.name === name)),
  remove: (_, { id, name, at }) => ({
    title: { key: 'plan.removeSwitch', params: { name } },
    call: { cmdlet: 'Remove-VMSwitch', params: {}, at, on: { switch: id } },
  }),
  nameOf: ({ name }) => ({ key: 'network.madeSwitch', params: { name } }),
  kindName: { key: 'plan.nameMadeSwitch' },
};
