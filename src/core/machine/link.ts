/**
 * Links of others into the window: `hypernest://vm/<id>`, of another host `hypernest://vm/host-<12 hex>/<id>`. They lead somewhere and do nothing. Anybody can write one, so that only what is
 * spelled exactly so is one: no account, port, query, escape or blank has a place in it.
 */
import { idsTo, isRefText, rootOf, textOf, thisPc, type VmRef } from '../cmdlets/ref.js';
import type { RunId } from './goal.js';

export type Link =
  | { readonly to: 'vm'; readonly vm: VmRef }
  | { readonly to: 'check' | 'settings' }
  | { readonly to: 'history'; readonly run?: RunId }
  /** The review of an undo: it is carried out by a click there. */
  | { readonly to: 'undo'; readonly run: RunId }
  /** What an error means: its code or symbolic name. */
  | { readonly to: 'error'; readonly code: string };

export const linkScheme = 'hypernest';
/** Characters: three ids and what is around them are less. */
export const longestLink = 200;
/** How many VMs deep. */
const deepest = 3;
const spelled = /^hypernest:\/\/(vm|check|settings|history|undo|error)(?:\/([\w-]+(?:\/[\w-]+)*))?\/?$/i;
const aWord = /^[\w-]{1,64}$/;

/** A word of a command line that wants to be one, whatever becomes of it. */
export const isLinkText = (text: string): boolean => /^\s*hypernest:/i.test(text);

export function linkOf(text: string): Link | undefined {
  if (text.length > longestLink) return undefined;
  const [, place = '', rest = ''] = spelled.exec(text) ?? [];
  const isWord = aWord.test(rest);
  switch (place.toLowerCase()) {
    case 'vm': {
      const way = rest.toLowerCase();
      const ref = way.startsWith('host-') ? way : `${textOf(thisPc)}/${way}`;
      return isRefText(ref, deepest) ? { to: 'vm', vm: ref } : undefined;
    }
    case 'check':
      return rest === '' ? { to: 'check' } : undefined;
    case 'settings':
      return rest === '' ? { to: 'settings' } : undefined;
    case 'history':
      if (rest === '') return { to: 'history' };
      return isWord ? { to: 'history', run: rest } : undefined;
    case 'undo':
      return isWord ? { to: 'undo', run: rest } : undefined;
    case 'error':
      return isWord ? { to: 'error', code: rest } : undefined;
    default:
      return undefined;
  }
}

export function textOfLink(link: Link): string {
  const place = (...rest: readonly string[]): string => [`${linkScheme}://${link.to}`, ...rest].join('/');
  switch (link.to) {
    case 'vm':
      return rootOf(link.vm) === thisPc ? place(...idsTo(link.vm)) : place(textOf(link.vm));
    case 'history':
      return link.run === undefined ? place() : place(link.run);
    case 'undo':
      return place(link.run);
    case 'error':
      return place(link.code);
    case 'check':
    case 'settings':
      return place();
  }
}
