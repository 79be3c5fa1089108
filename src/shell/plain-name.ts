/** Names of VMs in lines of ours. Pure. */

/** Hyper-V allows 100 characters; a menu or a toast is not the place for them. */
const longestName = 60;

/**
 * A name in a line of ours, in a menu or a toast: on one line, not too long, and unable to turn the words around it. An isolate (U+2068…U+2069)
 * ends what a name begins; it is used only where the name holds such characters, since some menus draw it as a box.
 */
export function plainName(name: string, longest = longestName): string {
  const oneLine = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = Array.from(oneLine); // by code points: half of a pair is no character
  const short = characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : oneLine;
  if (short === '') return '“ ”';
  return turnsDirection.test(short) ? `\u2068${short.replace(/[\u2066-\u2069\u202a-\u202e]/g, '')}\u2069` : short;
}
/** Marks that turn the direction, and letters that are written from right to left. */
const turnsDirection = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** In a menu & marks the key and a tab cuts off what stands at the right. */
export const escapeLabel = (label: string): string => label.replaceAll('&', '&&').replaceAll('\t', ' ');
