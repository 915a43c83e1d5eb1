// What this browser keeps for the next visit: the last work with theme and language (ui/kept.h writes and checks the
// text), and, by service.js, the page itself.
'use strict';

(function () {
  // By folder: another Netsplit on the same host keeps its own.
  const key = 'netsplit ' + new URL('.', location.href).pathname;

  const longest = 600_000;  // what is longer is damaged anyway

  netsplit.keep = function (text) {
    try { localStorage.setItem(key, text); } catch { /* full, or the browser keeps nothing: the run is in the address */ }
  };
  netsplit.kept = function () {
    try { return (localStorage.getItem(key) || '').slice(0, longest); } catch { return ''; }
  };

  // Only when all else is done. Without https there are no service workers, and all works but offline.
  netsplit.keep_program = function () {
    try {
      navigator.serviceWorker.register('service.js', { updateViaCache: 'none' })
        .catch((error) => console.info('Not kept for use without a network: ' + error.message));
    } catch { /* there are none, or they are forbidden */ }
  };
})();
