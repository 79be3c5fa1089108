// Loaded by `electron -r` before the app: somebody follows a link as soon as it is ready, before anything is loaded.
const { app } = require('electron');
app
  .whenReady()
  .then(() => app.emit('second-instance', {}, [], '', { kind: 'link', text: 'hypernest://error/0x80370102' }));
