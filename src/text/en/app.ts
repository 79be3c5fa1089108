export const app = {
  'app.name': 'Hypernest',
  'app.machines': { one: '{count:number} machine', other: '{count:number} machines' },
  'app.readAgo': 'read {age:age}',
} as const;
