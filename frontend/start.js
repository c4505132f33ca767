// Runs before the page is drawn: says that scripts work, which GOV.UK's styles and components wait for.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
