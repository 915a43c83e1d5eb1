// The page's words, from texts.js, in the window's language: what stands in the HTML, and sentences with values in them.
'use strict';

// What the page offers to its own console: running, mirror(), command(name, argument), frames().
var netsplit = { running: false };

(function () {
  const texts = window.netsplit_texts || {};
  let words = {};

  // The text of that name, each {} replaced in turn.
  netsplit.words = function (name, ...values) {
    return (words[name] || '').replace(/\{\}/g, () => String(values.shift()));
  };

  // data-text names an element's text, data-label its label for those who do not see it.
  netsplit.speak = function (language) {
    netsplit.language = texts[language] ? language : 'en';
    words = texts[netsplit.language] || {};
    document.documentElement.lang = netsplit.language;
    for (const element of document.querySelectorAll('[data-text]')) element.textContent = netsplit.words(element.dataset.text);
    for (const element of document.querySelectorAll('[data-label]')) {
      element.setAttribute('aria-label', netsplit.words(element.dataset.label));
    }
    document.body.dataset.drop = netsplit.words('drop_here');
  };

  // Until the window says which language it speaks.
  netsplit.speak((navigator.language || 'en').slice(0, 2).toLowerCase());
})();
