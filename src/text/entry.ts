/** What a dictionary is made of. */
import type { en } from './en.js';

export type MessageKey = keyof typeof en;
/** A text, or one for each kind of count that the language tells apart (Intl.PluralRules). */
export type Entry = string | ({ readonly other: string } & { readonly [Rule in Intl.LDMLPluralRule]?: string });
