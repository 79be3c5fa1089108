/** What a file installs or holds, by its name alone: a guess, and said so. */
import { fileOf } from '../../src/core/machine/paths.js';
import type { SecureBoot } from '../../src/core/machine/goal.js';

export const systems = ['windows-11', 'windows', 'linux', 'other'] as const;
export type System = (typeof systems)[number];

/** What the firmware asks of each: signed by whom, and whether its setup refuses a VM without a TPM. */
export const firmwareOf: Readonly<Record<System, { readonly secureBoot: SecureBoot; readonly tpm: boolean }>> = {
  'windows-11': { secureBoot: 'windows', tpm: true },
  windows: { secureBoot: 'windows', tpm: false },
  linux: { secureBoot: 'linux', tpm: false },
  other: { secureBoot: 'off', tpm: false },
};

export interface Guess {
  /** undefined: the name does not say. */
  readonly system: System | undefined;
  /** What a VM of it would be called. */
  readonly name: string;
}

const distributions =
  /\b(ubuntu|debian|fedora|rocky|alma(?:linux)?|centos|rhel|arch(?:linux)?|opensuse|sles?|kali|mint|linuxmint|alpine|nixos|proxmox|oracle(?:linux)?|photon|manjaro|pop)\b/i;
/** Builds as Microsoft names its evaluation images: `26100.1742.240906-0331.ge_release_svc_refresh_CLIENTENTERPRISEEVAL_…`. */
const servers: readonly (readonly [build: number, year: string])[] = [
  [26100, '2025'],
  [20348, '2022'],
  [17763, '2019'],
  [14393, '2016'],
];
const FIRST_WINDOWS_11 = 22000;
const longest = 40;

/** Words in the place of dots, lines and the rest, without the ending. */
const stemOf = (path: string): string => fileOf(path).replace(/\.[^.]*$/, '');
const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

export function guessOf(path: string): Guess {
  const stem = stemOf(path);
  const words = stem.replace(/[_.-]+/g, ' ');
  const build = Number(/^(\d{5})\./.exec(stem)?.[1] ?? Number.NaN);
  if (/server/i.test(words) && !distributions.test(words)) {
    const year = /\b(20\d\d)\b/.exec(words)?.[1] ?? servers.find(([from]) => build >= from)?.[1];
    return { system: 'windows', name: year === undefined ? 'Windows Server' : `Windows Server ${year}` };
  }
  if (/\bwin(?:dows)? ?11/i.test(words) || (/client/i.test(words) && build >= FIRST_WINDOWS_11))
    return { system: 'windows-11', name: 'Windows 11' };
  const windows = /\bwin(?:dows)? ?(10|8|7)?/i.exec(words);
  if (windows) return { system: 'windows', name: windows[1] === undefined ? 'Windows' : `Windows ${windows[1]}` };
  const linux = distributions.exec(words)?.[1];
  if (linux !== undefined) {
    const version = /\d+(?:\.\d+)?/.exec(
      stem.slice(stem.toLowerCase().indexOf(linux.toLowerCase()) + linux.length),
    )?.[0];
    return { system: 'linux', name: version === undefined ? capital(linux) : `${capital(linux)} ${version}` };
  }
  if (/linux/i.test(words)) return { system: 'linux', name: 'Linux' };
  return { system: undefined, name: words.trim().slice(0, longest).trim() };
}
