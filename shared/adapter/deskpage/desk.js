// The desk works without this. It takes the reader to what must be corrected.
document.getElementById("problem")?.focus();
