# Completion of evpnsh(1) for bash: options, files, and the words of a -c command.

_evpnsh()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local line words

	COMPREPLY=()
	case $prev in
	-s | -f)
		COMPREPLY=($(compgen -f -- "$cur"))
		return
		;;
	-c)
		# One word of the shell, still open: 'show evpn m
		line=${cur#[\'\"]}
		words=$(evpnsh --candidates "$line" 2>/dev/null)
		local quote=${cur%"$line"} head= mark="'"
		case $line in
		*" "*) head=${line% *}" " ;;
		esac
		local IFS=$'\n'
		COMPREPLY=($(compgen -P "${quote:-$mark}$head" -W "$words" -- "${line##* }"))
		compopt -o nospace 2>/dev/null
		return
		;;
	esac
	COMPREPLY=($(compgen -W "-b -c -f -s -v" -- "$cur"))
}

complete -F _evpnsh evpnsh
