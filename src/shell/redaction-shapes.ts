/** What tells of a PC by its shape, though nobody has named it: paths, addresses, accounts and ids. Pure. */
import { isIPv6 } from 'node:net';

export type ShapeKind = 'SID' | 'id' | 'MAC' | 'address' | 'folder' | 'disk' | 'URL' | 'PC' | 'account';
export type ChipOf = (kind: ShapeKind, found: string) => string;

/** Chips stand where names were: a folder may be called like one and something more. */
const chip = '<[A-Za-z-]+-\\d+>';
const isChip = new RegExp(`^${chip}$`);
const separator = '[\\\\/]+';
/** A part of a path in front of another: whatever a file may be called. */
const part = `(?:${chip}|[^\\\\/:*?"<>|\\r\\n\\t])+?`;
/** The last one: to the end of a quote, of a part of a sentence, or to a code of Windows. */
const last = `(?:${chip}|(?!\\s+\\(?0x[0-9a-f]{4,})(?!\\.(?:\\s|$))(?:(?<=\\p{L})['’](?=\\p{L})|\\([^()\\\\/:*?"<>|\\r\\n]*\\)|[^\\\\/:*?"<>|\\r\\n\\t'‘’“”„«»「」\`;,()\\[\\]{}，。；：（）]))*`;
const disks = /\.(?:a?vhdx?|vhds|avhdx|iso|vmcx|vmrs|vmgs)$/i;
const rest = `(?:${part}${separator})*${last}`;

const drivePath = new RegExp(`(?<![\\p{L}\\p{N}])([a-z]):(${separator})(${rest})`, 'giu');
const encodedPath = /(?<![\p{L}\p{N}])[a-z](?:%3A|:)(?:%5C|%2F)(?:(?!'(?:$|[\s,;.)\]]))[^\s"<>])*/giu;
const devicePath = new RegExp(`(?<![\\\\\\p{L}\\p{N}>])(\\\\{2,}[?.]\\\\+)(?!UNC\\\\|[a-z]:)(${rest})`, 'giu');
const uncPath = new RegExp(
  `(?<![\\\\\\p{L}\\p{N}:>?.])(\\\\{2,}(?:[?.]\\\\+UNC\\\\+)?)(?![?.]\\\\)((?:${chip}|[\\p{L}\\p{N}._$-])+)(\\\\+)(${rest})`,
  'giu',
);
const uncHost = new RegExp(
  `(?<![\\\\\\p{L}\\p{N}:>?.])(\\\\{2,})((?:${chip}|[\\p{L}\\p{N}._$-])+)(?![\\\\\\p{L}\\p{N}])`,
  'gu',
);
/** The same with slashes; behind a colon it is a URL. */
const slashedUncPath = new RegExp(`(?<![:\\\\/\\p{L}\\p{N}>])//((?:${chip}|[\\p{L}\\p{N}._$-])+)/(${rest})`, 'gu');
/** Behind a variable of cmd or PowerShell, or the sign for the home folder. */
const variablePath = new RegExp(
  `(%[\\w()]+%|\\$env:\\w+|\\$\\{env:[\\w()]+\\}|\\$HOME|(?<![\\p{L}\\p{N}~])~)(${separator})(${rest})`,
  'giu',
);
/** Of these what follows is the same on every PC, but for what anybody may drop there. */
const variablesOfWindows = /^(?:SystemRoot|windir|ProgramFiles(?:\(x86\))?|CommonProgramFiles)$/i;
const homePath = new RegExp(`(?<=/(?:Users|home)/)(${part})(?=/)|(?<=/(?:Users|home)/)(${last})`, 'giu');

/** The same on every PC, so it tells nothing of this one and much of what went wrong. */
const ofWindows = new RegExp(
  `^(?:Windows|Program Files(?: \\(x86\\))?${separator}(?:Hypernest|WindowsPowerShell|PowerShell|Hyper-V|Windows[^\\\\/]*)|ProgramData${separator}Microsoft)(?=[\\\\/]|$)`,
  'i',
);
const ofUser = new RegExp(
  `^(Users|Documents and Settings)(${separator})(${part}|${last})(?:(${separator})(.*))?$`,
  'isu',
);
const sharedUsers = /^(?:Public|Default|All Users)$/i;
const ofApp = new RegExp(
  `^AppData${separator}(?:Local|Roaming)${separator}(?:Programs${separator})?(?:hypernest|Microsoft${separator}(?:Windows|WindowsApps|PowerShell))(?=[\\\\/]|$)`,
  'i',
);
/** Of people, though below folders of Windows: disks and VMs where Hyper-V puts them, and what anybody may drop. */
const ofPeople = new RegExp(
  `^(?:ProgramData${separator}Microsoft${separator}Windows${separator}(?:Virtual Hard Disks|Hyper-V)|Windows${separator}Temp)(?=[\\\\/])`,
  'i',
);

/** Puts chips in the place of all of them. */
export function withoutShapes(text: string, chipOf: ChipOf): string {
  const once = (kind: ShapeKind, found: string): string => (isChip.test(found) ? found : chipOf(kind, found));
  const files = (found: string): string =>
    found === ''
      ? ''
      : once(disks.test(found.trimEnd()) ? 'disk' : 'folder', found.trimEnd().replace(/[\\/]+/g, '\\')) +
        found.slice(found.trimEnd().length);
  const inUser = (path: string): string | undefined => {
    const [, users = '', between = '', user = '', after, more = ''] = ofUser.exec(path) ?? [];
    if (users === '') return undefined;
    const name = sharedUsers.test(user) ? user : once('folder', user.trimEnd());
    if (after === undefined) return `${users}${between}${name}${user.slice(user.trimEnd().length)}`;
    return `${users}${between}${name}${after}${ofApp.test(more) ? more : files(more)}`;
  };
  const isOfWindows = (path: string): boolean =>
    ofWindows.test(path) && !ofPeople.test(path) && !disks.test(path.trimEnd());
  const pathOf = (path: string): string => (isOfWindows(path) ? path : (inUser(path) ?? files(path)));

  const withoutPaths = text
    .replace(url, (found) => tailed(found, (whole) => `${/^[^:]+/.exec(whole)?.[0] ?? ''}://${once('URL', whole)}`))
    .replace(encodedPath, (found) => once('folder', found))
    .replace(devicePath, (_, start: string, path: string) => `${start}${files(path)}`)
    .replace(
      uncPath,
      (_, start: string, host: string, between: string, path: string) =>
        `${start}${once('PC', host)}${between}${files(path)}`,
    )
    .replace(uncHost, (_, start: string, host: string) => `${start}${once('PC', host)}`)
    .replace(slashedUncPath, (_, host: string, path: string) => `//${once('PC', host)}/${files(path)}`)
    .replace(variablePath, (found, variable: string, between: string, path: string) =>
      variablesOfWindows.test(variable.replace(/^\$\{?env:|[%}]/gi, '')) &&
      !/^Temp[\\/]/i.test(path) &&
      !disks.test(path.trimEnd())
        ? found
        : `${variable}${between}${files(path)}`,
    )
    .replace(drivePath, (_, drive: string, between: string, path: string) => `${drive}:${between}${pathOf(path)}`)
    .replace(homePath, (found) => once('folder', found.trimEnd()) + found.slice(found.trimEnd().length));
  return shapes.reduce(
    (all, { kind, pattern, isIt }) =>
      outsideChips(all, (piece) =>
        piece.replace(pattern, (found) => (isIt?.(found) === false ? found : chipOf(kind, found))),
      ),
    withoutPaths,
  );
}

const url = new RegExp(
  `(?<![\\p{L}\\p{N}+.-])(?!app:)[a-z][a-z0-9+.-]*:(?:\\\\*/){2}(?:${chip}|[^\\s"'<>\`“”‘’])+`,
  'giu',
);
const tailed = (found: string, act: (whole: string) => string): string => {
  const tail = /[.,;:!?)\]}]+$/.exec(found)?.[0] ?? '';
  return act(found.slice(0, found.length - tail.length)) + tail;
};

interface Shape {
  readonly kind: ShapeKind;
  readonly pattern: RegExp;
  readonly isIt?: (found: string) => boolean;
}

/** Ids that are the same on every PC, and so tell nothing of this one. */
const common = new Set(['9f8233ac-be49-4c79-8ee3-e7e1985b2077', 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444']);
/** In front of a backslash: what Windows itself is called by. */
const authorities =
  /^(?:BUILTIN|AUTHORITY|SERVICE|MACHINE|HK(?:LM|CU|CR|U)|HKEY_\w+|root|Microsoft|Windows|System32|Software|SYSTEM)$/i;
const endsOfFiles =
  /\.(?:exe|dll|sys|json|log|txt|m?[jt]s|c[jt]s|svelte|ps(?:m|d)?1|ps1xml|xml|zip|asar|node|a?vhdx?|iso|cs|md|cmd|bat|msi|cat|inf|mui|map|html?|css|png|ico|ya?ml|config|man|evtx)$/i;
const tops =
  /\.(?:com|net|org|info|biz|edu|gov|mil|int|local|lan|internal|corp|home|intranet|intern|test|example|invalid|localdomain|arpa|dev|app|cloud|online|site|tech|xyz|shop|company|group|network|systems|services|[a-z]{2}|xn--[a-z0-9-]+)$/i;
const letter = '[\\p{L}\\p{M}\\p{N}]';

const shapes: readonly Shape[] = [
  // S-1-5-32-578 and the like are the same everywhere: what tells of somebody has three numbers more.
  { kind: 'SID', pattern: /(?<![\p{L}\p{N}])S-1-(?:0x[0-9a-f]+|\d+)(?:-\d+){3,}/giu },
  {
    kind: 'id',
    pattern: /(?<![0-9a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?![0-9a-f])/gi,
    isIt: (found) => !common.has(found.toLowerCase()),
  },
  {
    kind: 'account',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{M}\\p{N}._%+!#$&*^~=-])[\\p{L}\\p{M}\\p{N}._%+!#$&*^~=-]+?(?:@|%40)(?:${letter}|[.-])*${letter}`,
      'giu',
    ),
    isIt: (found) => /(?:@|%40).*\p{L}/iu.test(found),
  },
  {
    kind: 'MAC',
    pattern:
      /(?<![0-9a-f])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|(?=[0-9a-f]*[a-f]|00155)[0-9a-f]{12})(?![0-9a-f])/gi,
  },
  {
    kind: 'address',
    pattern:
      /(?<![\p{L}\p{N}])(?<!\])(?:[0-9a-f]{1,4}:|:)(?:[0-9a-f]{0,4}:){1,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4})?(?:%(?:25)?[\p{L}\p{N}._~-]*[\p{L}\p{N}])?(?![\p{L}\p{N}:])/giu,
    isIt: (found) => isIPv6(found.replace(/%.*$/, '')),
  },
  {
    kind: 'address',
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)/g,
  },
  // In quotes an account may have blanks; without, it is one word.
  {
    kind: 'account',
    pattern: new RegExp(
      `(?<=['"“‘])${letter}[\\p{L}\\p{M}\\p{N}._-]*\\\\+${letter}[^'"“”‘’\\\\/<>\\r\\n]*(?=['"”’])`,
      'giu',
    ),
    isIt: isAccount,
  },
  {
    kind: 'account',
    pattern: new RegExp(
      `(?<![\\\\\\p{L}\\p{M}\\p{N}_:>/.-])${letter}[\\p{L}\\p{M}\\p{N}._-]*(?:\\\\+${letter}[\\p{L}\\p{M}\\p{N}._$-]*)+`,
      'giu',
    ),
    isIt: isAccount,
  },
  {
    kind: 'account',
    pattern: new RegExp(`(?<![\\\\\\p{L}\\p{N}.>…])\\.\\\\+${letter}[\\p{L}\\p{M}\\p{N}._-]*`, 'giu'),
  },
  {
    kind: 'PC',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{M}\\p{N}_@.\\\\-])(?:${letter}(?:[\\p{L}\\p{M}\\p{N}-]{0,62}${letter})?\\.)+[\\p{L}][\\p{L}\\p{M}\\p{N}-]*(?![\\p{L}\\p{M}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
      'giu',
    ),
    isIt: (found) =>
      !endsOfFiles.test(found) &&
      (tops.test(found) || /^[^.]*[\d-][^.]*(?:\.[^.]+){2,}$/.test(found)) &&
      !/^[A-Z][a-z]+\./.test(found),
  },
  // As ssh names a host: what an alias stands for, or a host on the way.
  {
    kind: 'PC',
    pattern:
      /(?<=\b(?:resolve hostname|host key for|host key is known for) )[^\s:,"'<>]+|(?<=\b(?:host|address|by|with) )[^\s:,"'<>]+(?= port \d)/giu,
  },
];

function isAccount(found: string): boolean {
  return !authorities.test(/^[^\\]*/.exec(found)?.[0] ?? '');
}

/** What is between chips. */
export const outsideChips = (text: string, act: (piece: string) => string): string =>
  text
    .split(wholeChip)
    .map((piece, at) => (at % 2 === 1 ? piece : act(piece)))
    .join('');
const wholeChip = new RegExp(`(${chip})`);
