/** The same keys as in English; each a text, or a pair where the language counts that way. */
export type Same<English> = { readonly [Key in keyof English]: string };
