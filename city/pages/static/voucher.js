/* What a voucher's QR says stands behind "#", which a browser sends to nobody: it is put into the form, which asks. */
"use strict";
if (location.hash.length > 1) {
  const said = location.href;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("typed").value = said;
  document.getElementById("ask").submit();
}
