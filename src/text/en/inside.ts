export const inside = {
  'inside.signIn': 'Sign in…',
} as const;
