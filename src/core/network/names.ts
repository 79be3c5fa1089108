/** Names of switches and NAT networks: which are taken, which is free, which cannot be one. */
import type { Message } from '../../text/index.js';
import type { Machine } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';

/** The machine's own adapter on a switch: so called in every language (facts: Get-VMSwitch). */
export const hostEnd = (switchName: string): string => `vEthernet (${switchName})`;

/** Names of switches, and of what their adapters would be called: Windows silently makes a second one of the same name. */
export function takenNames({ host, network }: Machine): readonly string[] {
  const ends = ifRead(network?.adapters, [], (all) =>
    all.flatMap(({ name }) => /^vEthernet \((.*)\)$/.exec(name)?.[1] ?? []),
  );
  return [...ifRead(host.switches, [], (all) => all.flatMap(({ name }) => name ?? [])), ...ends];
}

export const isTaken = (name: string, taken: readonly string[]): boolean =>
  taken.some((one) => one.toLowerCase() === name.toLowerCase());

export function freeName(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${String(number)}`;
    if (!isTaken(name, taken)) return name;
  }
}

/** Why a switch or a NAT network cannot be called that. null: it can. */
export function problemOfName(name: string, taken: readonly string[]): Message | null {
  if (name.trim() === '') return { key: 'advice.nameEmpty' };
  if (name.length > 64) return { key: 'advice.nameLong' };
  if (/[\p{Cc}\\/:*?"<>|]/u.test(name)) return { key: 'advice.nameCharacters' };
  return isTaken(name.trim(), taken) ? { key: 'advice.nameTaken', params: { name } } : null;
}
