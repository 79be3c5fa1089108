// Loaded by `electron -r` before the app: somebody starts it once more as soon as it is ready, before anything is loaded.
const { app } = require('electron');
app.whenReady().then(() => app.emit('second-instance'));
