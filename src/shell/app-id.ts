/** What Windows knows the app by. Both stand in electron-builder.yml and assets/installer.nsh too (tests/unit/tools/packaging.test.ts). */

/** The AppUserModelID, and the name of the entry that starts the app at sign-in. */
export const appId = 'app.hypernest';

/** The COM class that Windows starts for a notification that was clicked after the app had ended. Never another one: shortcuts hold it. */
export const toastActivatorId = '{21F22550-06BD-4EE8-8610-BB4D564D78A0}';
