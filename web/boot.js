// Sets up Module before netsplit.js runs: the security policy allows no inline script.
var Module = { canvas: document.getElementById('canvas') };
