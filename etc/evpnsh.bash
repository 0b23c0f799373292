# Completion of evpnsh(1) for bash: options, files, and the words of a -c command, which evpnsh
# itself knows: "evpnsh --candidates -c 'conf t' -c 'rou'" prints what the last one may go on with.

_evpnsh()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local args=(--candidates) i line head quote IFS=$'\n'

	COMPREPLY=()
	case $prev in
	-s | --socket | -f | --inputfile)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	-c | --command) ;;
	*)
		COMPREPLY=($(compgen -W "$(evpnsh --help |
			sed -n 's/^ *\(-.\), \(--[a-z]*\).*/\1\n\2/p')" -- "$cur"))
		return
		;;
	esac
	# The commands before this one lead to its mode; -s to the daemon whose values are offered.
	for ((i = 1; i < COMP_CWORD - 1; i++)); do
		case ${COMP_WORDS[i]} in
		-s | --socket) args+=(-s "${COMP_WORDS[++i]}") ;;
		-c | --command)
			line=${COMP_WORDS[++i]}
			line=${line#[\'\"]}
			args+=(-c "${line%[\'\"]}")
			;;
		esac
	done
	# One word of the shell, still open: 'show evpn m
	line=${cur#[\'\"]}
	quote=${cur%"$line"}
	case $line in
	*" "*) head=${line% *}" " ;;
	esac
	COMPREPLY=($(compgen -P "$quote$head" \
		-W "$(evpnsh "${args[@]}" -c "$line" 2>/dev/null)" -- "${line##* }"))
	compopt -o nospace 2>/dev/null
}

complete -F _evpnsh evpnsh
