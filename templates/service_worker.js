// One worker for the whole site. Each of its parts is a file of its own, which the first line brings.
const SHELL = [{% for address in shell %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const REVISION = "{{ revision }}";
const QUEUE_ADDRESS = "{{ addresses.queue }}";
const UPLOAD_ADDRESS = "{{ addresses.upload }}";
const SHARE_ADDRESS = "{{ addresses.share }}";
const LANGUAGE = "{{ language|escapejs }}";
const ICON = "{{ icon|escapejs }}";
const SIGN_OUT_ADDRESS = "{{ addresses.sign_out }}";
importScripts({% for part in parts %}"{{ part|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %});
